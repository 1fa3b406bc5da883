package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every error of every call that a spawn makes, the first, second and third time. After each no
 * handle is open that was not before, and the next spawn works.
 */
@EnabledOnOs(OS.WINDOWS)
class SpawnFaultsTest extends Win32Test {
  private static final int TIMES = 3;

  private final WindowsPlatform named = platform(new Settings(false, false, true));

  private static void add(
      List<Arguments> rows, String call, String name, Culprit culprit, int... errors) {
    for (int error : errors) {
      for (int occurrence = 1; occurrence <= TIMES; occurrence++) {
        rows.add(Arguments.of(call, name, culprit, error, occurrence));
      }
    }
  }

  static Stream<Arguments> fatal() {
    List<Arguments> rows = new ArrayList<>();
    add(rows, "openNamedPipe", "CreateFileW", Culprit.OTHER, 2, 5, 231);
    add(rows, "createNamedPipe", "CreateNamedPipeW", Culprit.RESOURCES, 8, 1450);
    add(rows, "createNamedPipe", "CreateNamedPipeW", Culprit.OTHER, 87);
    add(rows, "random", "SystemFunction036", Culprit.OTHER, 31);
    add(rows, "ownerOnly", "OpenProcessToken", Culprit.OTHER, 5);
    add(rows, "createFile", "CreateFileW", Culprit.REDIRECT, 2, 3, 5, 32);
    add(rows, "createFile", "CreateFileW", Culprit.RESOURCES, 4, 8);
    add(rows, "bind", "CreateIoCompletionPort", Culprit.OTHER, 6, 87);
    add(rows, "skipPacketOnSuccess", "SetFileCompletionNotificationModes", Culprit.OTHER, 6);
    add(rows, "attributeList", "UpdateProcThreadAttribute", Culprit.OTHER, 24, 87);
    add(rows, "attributeList", "UpdateProcThreadAttribute", Culprit.RESOURCES, 8);
    add(rows, "setInheritable", "SetHandleInformation", Culprit.OTHER, 6);
    add(rows, "createProcess", "CreateProcessW", Culprit.PROGRAM, 2, 3, 5, 193, 206, 216, 740);
    add(rows, "createProcess", "CreateProcessW", Culprit.WORKING_DIRECTORY, 267);
    add(rows, "createProcess", "CreateProcessW", Culprit.RESOURCES, 8, 1450, 1455);
    add(rows, "createProcess", "CreateProcessW", Culprit.OTHER, 87, 1359);
    return rows.stream();
  }

  // Makes every call that a spawn can make.
  private static SpawnRequests request() {
    return SpawnRequests.shell("exit 3").cwd(Path.of("C:\\")).stderr(new Null());
  }

  @ParameterizedTest(name = "{0} {3} #{4}")
  @MethodSource("fatal")
  @Covers("test_handles_closed_on_exception")
  void everyFaultIsReported(String call, String name, Culprit culprit, int error, int occurrence)
      throws Exception {
    faults.fail(call, occurrence, error);
    SpawnRefused failure = null;
    for (int i = 0; i < TIMES && failure == null; i++) {
      try {
        start(named, request()).close();
      } catch (SpawnRefused e) {
        failure = e;
      }
    }
    assertThat(failure).isNotNull();
    assertThat(failure.call()).isEqualTo(name);
    assertThat(failure.culprit()).isEqualTo(culprit);
    assertThat(failure.errorCode()).isEqualTo(error);
    heal();
    StepDriver next = start(named, request());
    assertThat(next.text()).isEmpty();
    assertThat(next.status()).isEqualTo(new Exited(3));
  }

  static Stream<Arguments> errors() {
    Stream<String> before =
        Stream.of(
            "createPort",
            "openPipeFileSystem",
            "createUnnamedPipe",
            "openUnnamedPipe",
            "createFile",
            "sizeOfOverlapped",
            "bind",
            "skipPacketOnSuccess",
            "attributeList",
            "setInheritable",
            "createProcess",
            "deleteAttributeList",
            "closeHandle");
    Stream<String> after =
        Stream.of(
            "bind",
            "skipPacketOnSuccess",
            "setInheritable",
            "createProcess",
            "deleteAttributeList");
    return Stream.concat(
            before.map(call -> Arguments.of(call, false)),
            after.map(call -> Arguments.of(call, true)))
        .flatMap(
            row ->
                IntStream.rangeClosed(1, TIMES)
                    .mapToObj(nth -> Arguments.of(row.get()[0], row.get()[1], nth)));
  }

  /** Memory runs out: a start that throws has ended its process, and the next one works. */
  @ParameterizedTest(name = "{0} after {1} #{2}")
  @MethodSource("errors")
  void noProcessIsWithoutOwner(String call, boolean after, int occurrence) throws Exception {
    boolean once = call.equals("createPort") || call.equals("openPipeFileSystem");
    int nth = once ? 1 : occurrence;
    if (after) {
      faults.throwErrorAfterwards(call, nth);
    } else {
      faults.throwError(call, nth);
    }
    int thrown = 0;
    int started = 0;
    for (int i = 0; i < TIMES; i++) {
      try {
        start(request()).close();
        started++;
      } catch (OutOfMemoryError e) {
        thrown++;
      }
    }
    assertThat(faults.calls("terminateProcess"))
        .as("processes that no caller got")
        .isEqualTo(faults.processes() - started);
    if (!call.equals("closeHandle") && !call.equals("setInheritable")) {
      assertThat(thrown).isPositive();
    }
    StepDriver next = start(request());
    assertThat(next.text()).isEmpty();
    assertThat(next.status()).isEqualTo(new Exited(3));
  }

  @Test
  void missingThreadIsReported() throws Exception {
    faults.throwError("packets", 1);
    SpawnRefused e = failure(platform, request());
    assertThat(e.culprit()).isEqualTo(Culprit.RESOURCES);
    assertThat(faults.openOf("createPort")).isZero();
    assertThat(start(request()).text()).isEmpty();
  }

  @Test
  void shortageOfTheFileSystemIsNotRemembered() throws Exception {
    faults.fail("openPipeFileSystem", 1, 1450);
    assertThat(start(request()).text()).isEmpty();
    int named = faults.calls("createNamedPipe");
    assertThat(named).isPositive();
    assertThat(start(request()).text()).isEmpty();
    assertThat(faults.calls("createNamedPipe")).isEqualTo(named);
  }

  @Test
  void refusalOfTheFileSystemIsRemembered() throws Exception {
    faults.fail("openPipeFileSystem", 1, 5);
    assertThat(start(request()).text()).isEmpty();
    assertThat(start(request()).text()).isEmpty();
    assertThat(faults.calls("openPipeFileSystem")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 231, 1450})
  void namedPipeReplacesAnUnnamedOne(int error) throws Exception {
    for (String call : List.of("createUnnamedPipe", "openUnnamedPipe")) {
      for (int occurrence = 1; occurrence <= TIMES; occurrence++) {
        int before = faults.calls("createNamedPipe");
        faults.fail(call, occurrence, error);
        StepDriver driver = start(SpawnRequests.shell("echo a& echo b>&2& exit 3"));
        assertThat(driver.text()).startsWith("a");
        assertThat(driver.stderr()).startsWith("b");
        assertThat(faults.calls("createNamedPipe")).isEqualTo(before + 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 231})
  void takenNameIsReplaced(int error) throws Exception {
    for (int i = 1; i <= 9; i++) {
      faults.fail("createNamedPipe", i, error);
    }
    assertThat(start(named, SpawnRequests.shell("echo a")).text()).startsWith("a");
    int before = faults.calls("createNamedPipe");
    faults.failAlways("createNamedPipe", error);
    SpawnRefused e = failure(named, SpawnRequests.shell("echo a"));
    assertThat(e.call()).isEqualTo("CreateNamedPipeW");
    assertThat(faults.calls("createNamedPipe")).isEqualTo(before + 10);
    heal();
  }

  private SpawnRefused failure(WindowsPlatform where, SpawnRequests request) {
    return catchThrowableOfType(SpawnRefused.class, () -> start(where, request));
  }

  @Test
  void spawnNeedsAPort() throws Exception {
    for (int error : new int[] {8, 87}) {
      faults.fail("createPort", 1, error);
      SpawnRefused e = failure(platform, SpawnRequests.shell("echo a"));
      assertThat(e.call()).isEqualTo("CreateIoCompletionPort");
      assertThat(e.errorCode()).isEqualTo(error);
    }
    assertThat(start(SpawnRequests.shell("echo a")).text()).startsWith("a");
  }

  @Test
  void uncopyableHandleIsNamed() throws Exception {
    for (int occurrence = 1; occurrence <= 2; occurrence++) {
      faults.fail("duplicateHandle", occurrence, 6);
      SpawnRequests twice =
          SpawnRequests.shell("exit 3").stdout(new Descriptor(1)).stderr(new Descriptor(2));
      SpawnRefused e = failure(platform, twice);
      assertThat(e.culprit()).isEqualTo(Culprit.REDIRECT);
      assertThat(e).hasMessageContaining("descriptor " + occurrence);
      heal();
    }
  }

  /** Only a handle that is closed may be replaced by NUL: the child's bytes would be lost. */
  @ParameterizedTest
  @ValueSource(ints = {8, 14, 1450, 1816})
  void shortageDoesNotSilenceTheChild(int error) throws Exception {
    for (int occurrence = 1; occurrence <= TIMES; occurrence++) {
      faults.fail("duplicateHandle", occurrence, error);
      SpawnRefused e = failure(platform, SpawnRequests.shell("exit 3").inherit());
      assertThat(e.culprit()).isEqualTo(Culprit.RESOURCES);
      assertThat(e.call()).isEqualTo("DuplicateHandle");
      assertThat(e.errorCode()).isEqualTo(error);
    }
    assertThat(start(SpawnRequests.shell("exit 3").inherit()).text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 31, 87})
  void refusedCopyDoesNotSilenceTheChild(int error) throws Exception {
    for (int occurrence = 1; occurrence <= TIMES; occurrence++) {
      faults.fail("duplicateHandle", occurrence, error);
      SpawnRefused e = failure(platform, SpawnRequests.shell("exit 3").inherit());
      assertThat(e.culprit()).isEqualTo(Culprit.REDIRECT);
      assertThat(e.call()).isEqualTo("DuplicateHandle");
      assertThat(e.errorCode()).isEqualTo(error);
    }
    faults.fail("duplicateHandle", 1, 6); // it is closed
    assertThat(start(SpawnRequests.shell("exit 3").inherit()).text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5, PROGRAM", "87, PROGRAM", "206, PROGRAM", "8, RESOURCES", "1450, RESOURCES"})
  void unresolvedProgramIsNoMissingFile(int error, Culprit culprit) throws Exception {
    faults.fail("fullPath", 1, error);
    SpawnRefused e = failure(platform, SpawnRequests.of(".\\jpopen-missing.exe"));
    assertThat(e.culprit()).isEqualTo(culprit);
    assertThat(e.call()).isEqualTo("GetFullPathNameW");
    assertThat(e.errorCode()).isEqualTo(error);
  }

  @Test
  void failedFileClosesTheEarlierOnes() throws Exception {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "jpopen-spawn-faults");
    faults.fail("createFile", 2, 5);
    SpawnRequests files =
        SpawnRequests.shell("exit 3")
            .stdout(new File(file, File.Mode.WRITE))
            .stderr(new File(file, File.Mode.APPEND));
    assertThat(failure(platform, files).culprit()).isEqualTo(Culprit.REDIRECT);
    assertThat(file.toFile().delete()).as("no process has it open").isTrue();
  }

  @Test
  void noHandleStaysInheritable() throws Exception {
    for (int occurrence = 1; occurrence <= TIMES; occurrence++) {
      faults.fail("setInheritable", occurrence, 6);
      SpawnRefused _ = failure(platform, SpawnRequests.shell("exit 3"));
      int first = faults.calls("setInheritable");
      assertThat(first).as("made inheritable, and back").isPositive();
    }
    int before = faults.calls("setInheritable");
    heal();
    assertThat(start(SpawnRequests.shell("exit 3")).text()).isEmpty();
    assertThat(faults.calls("setInheritable") - before).as("three handles, twice").isEqualTo(6);
  }
}

package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Deadline;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that a test starts and looks for.
 *
 * <p>Each has the folder of the test in its arguments, so that this finds it without the code that
 * is tested. It ends by itself after a minute.
 */
abstract class TreeOfProcesses extends PosixTest {
  static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path temp = Path.of("");
  private Path waits = Path.of("");

  @BeforeEach
  void makeProgram() throws IOException {
    // A program whose arguments are its own: "sleep" of a shell would not show where it is from.
    waits = temp.resolve("waits");
    Files.copy(Path.of("/bin/sleep"), waits, COPY_ATTRIBUTES);
  }

  @AfterEach
  void killWhatIsLeft() throws IOException {
    for (Long pid : living()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** The living processes of this test. */
  List<Long> living() throws IOException {
    String[] names = Objects.requireNonNull(new File("/proc").list());
    return Stream.of(names)
        .filter(name -> Character.isDigit(name.charAt(0)))
        .map(Long::valueOf)
        .filter(this::isOfThisTest)
        .toList();
  }

  private boolean isOfThisTest(long pid) {
    return arguments(pid).contains(temp.toString()) && !Resources.isDead(pid);
  }

  private static String arguments(long pid) {
    try {
      byte[] arguments = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      return new String(arguments, ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /** Waits until so many run the program that waits: all shells on the way to it are over. */
  void awaitWaiting(int processes) {
    await(
        processes + " processes wait",
        () -> count() == processes && countOf(waits.toString()) == processes);
  }

  private int countOf(String program) {
    try {
      return (int) living().stream().filter(pid -> arguments(pid).startsWith(program)).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  int count() {
    try {
      return living().size();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A script that knows the folder as $1, and the program that waits as $2. */
  StepDriver started(String script) throws IOException {
    return start(request(script).tree());
  }

  SpawnRequests request(String script) {
    return SpawnRequests.shell(script, "sh", temp.toString(), waits.toString())
        .noStreams()
        .processGroup(0);
  }

  static List<ProcessHandle> kill(StepDriver driver) throws IOException {
    return driver.child().killTree(Deadline.after(LONG));
  }

  void assertNoneIsLeft(StepDriver driver) throws IOException {
    List<ProcessHandle> survivors = kill(driver);
    assertThat(survivors).isEmpty();
    if (LIKE_MAC) { // it does not wait for what has lost its parent
      awaitCount(0);
    }
    assertThat(living()).isEmpty();
  }

  void awaitCount(int processes) {
    await(processes + " processes run", () -> count() == processes);
  }

  void awaitExit(StepDriver driver) throws Exception {
    while (driver.status() == null) {
      driver.step(Duration.ofSeconds(1));
    }
  }
}

package io.github.jpopen.posix.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.Termination;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a failed spawn reports: the culprit, the call and the error. Every test also checks that it
 * leaves nothing behind.
 */
class SpawnFailureTest extends PosixTest {
  @TempDir Path temp = Path.of("");

  private SpawnRefused failure(SpawnRequests request) {
    SpawnRefused failure = catchThrowableOfType(SpawnRefused.class, () -> start(request));
    assertThat(failure).isNotNull();
    return failure;
  }

  private void check(SpawnRequests request, Culprit culprit, String error, String message) {
    SpawnRefused failure = failure(request);
    assertThat(failure.culprit()).isEqualTo(culprit);
    assertThat(failure.errorName()).isEqualTo(error);
    assertThat(failure.call()).isEqualTo("posix_spawn");
    assertThat(failure).hasMessageContaining(message);
  }

  private Path script(String name, String content, String permissions) throws IOException {
    Path file = Files.writeString(temp.resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return file;
  }

  @Test
  void missingProgramIsNamed() {
    check(
        SpawnRequests.of("/no/such"), Culprit.PROGRAM, "ENOENT", "program not found: \"/no/such\"");
    // In the PATH of this machine, a closed folder would be EACCES.
    SpawnRequests unknown = SpawnRequests.of("no-such").environment(new Put("PATH", "/usr/bin"));
    check(unknown, Culprit.PROGRAM, "ENOENT", "program not found: \"no-such\"");
    assertThat(failure(SpawnRequests.of("no-such", "secret")).program()).isEqualTo("no-such");
    assertThat(failure(SpawnRequests.of("no-such", "secret"))).hasMessageNotContaining("secret");
  }

  @Test
  void programNameWithSpacesGetsAdvice() {
    assertThat(failure(SpawnRequests.of("ls -l /tmp")))
        .hasMessageContaining("pass each argument separately, or use Command.parse");
    assertThat(failure(SpawnRequests.of("no-such"))).hasMessageNotContaining("separately");
  }

  @Test
  void missingExecutableOrShellIsNamed() {
    check(
        SpawnRequests.of("x").executable(Path.of("/no/such")),
        Culprit.PROGRAM,
        "ENOENT",
        "\"/no/such\"");
    SpawnRefused failure =
        failure(SpawnRequests.shell("echo secret").executable(Path.of("/no/sh")));
    assertThat(failure).hasMessage("program not found: \"/no/sh\"");
    assertThat(failure.program()).isEqualTo("/no/sh");
  }

  @Test
  void fileWithoutPermissionIsNamed() throws Exception {
    Path file = script("noexec", "#!/bin/sh\n", "rw-r--r--");
    check(SpawnRequests.of(file.toString()), Culprit.PROGRAM, "EACCES", "permission denied");
    check(SpawnRequests.of(file.toString()), Culprit.PROGRAM, "EACCES", "\" is not executable");
    check(SpawnRequests.of(temp.toString()), Culprit.PROGRAM, "EACCES", "permission denied");
    check(SpawnRequests.of(temp.toString()), Culprit.PROGRAM, "EACCES", "\" is a directory");
  }

  @Test
  void fileWithoutAFormatIsNamed() throws Exception {
    Path file = script("text", "echo hi\n", "rwxr-xr-x");
    check(SpawnRequests.of(file.toString()), Culprit.PROGRAM, "ENOEXEC", "exec format error");
    check(SpawnRequests.of(file.toString()), Culprit.PROGRAM, "ENOEXEC", "nor a script with #!");
  }

  @Test
  void missingInterpreterIsNamed() throws Exception {
    Path file = script("bad", "#!/no/such\n", "rwxr-xr-x");
    check(
        SpawnRequests.of(file.toString()),
        Culprit.INTERPRETER,
        "ENOENT",
        "interpreter \"/no/such\" of \"" + file + "\" not found");
    check(SpawnRequests.of("./bad").cwd(temp), Culprit.INTERPRETER, "ENOENT", "interpreter");
  }

  @Test
  void carriageReturnInTheInterpreterIsVisible() throws Exception {
    Path file = script("crlf", "#!/bin/sh\r\necho hi\r\n", "rwxr-xr-x");
    check(
        SpawnRequests.of(file.toString()),
        Culprit.INTERPRETER,
        "ENOENT",
        "interpreter \"/bin/sh\\r\" of \"" + file + "\" not found");
  }

  @Test
  void interpreterOfAnInterpreterIsNamed() throws Exception {
    Path inner = script("inner", "#!/no/such\033[1m -x\n", "rwxr-xr-x");
    Path outer = script("outer", "#!" + inner + "\n", "rwxr-xr-x");
    check(
        SpawnRequests.of(outer.toString()),
        Culprit.INTERPRETER,
        "ENOENT",
        "interpreter \"/no/such\\x1b[1m\" of \"" + outer + "\" not found");
  }

  @Test
  void missingLoaderIsNamed() throws Exception {
    byte[] program = Files.readAllBytes(Path.of(TRUE).toRealPath());
    String bytes = new String(program, StandardCharsets.ISO_8859_1);
    int start = bytes.indexOf("/lib");
    assumeTrue(bytes.startsWith("\177ELF") && start > 0, "only ELF programs name a loader");
    String loader = bytes.substring(start, bytes.indexOf('\0', start)).replace("/lib", "/lob");
    System.arraycopy(
        loader.getBytes(StandardCharsets.US_ASCII), 0, program, start, loader.length());
    Path file = script("binary", "", "rwxr-xr-x");
    Files.write(file, program);
    check(
        SpawnRequests.of(file.toString()),
        Culprit.INTERPRETER,
        "ENOENT",
        "loader \"" + loader + "\" of \"" + file + "\" not found");
  }

  @Test
  void shellSyntaxInANameGetsAdvice() {
    check(
        SpawnRequests.of("~/bin/x"), Culprit.PROGRAM, "ENOENT", "\"~/bin/x\" (no shell expands ~)");
    check(
        SpawnRequests.of("$HOME/x"), Culprit.PROGRAM, "ENOENT", "\"$HOME/x\" (no shell expands $)");
    check(
        SpawnRequests.of("cd").environment(new Put("PATH", "/no")),
        Culprit.PROGRAM,
        "ENOENT",
        "\"cd\" (part of a shell: use cwd)");
  }

  @Test
  void programInTheWorkingDirectoryGetsAdvice() throws Exception {
    script("tool", "#!/bin/sh\n", "rwxr-xr-x");
    script("text", "", "rw-r--r--");
    String advice = " (the working directory is not searched: use \"./tool\")";
    for (String path : List.of("/no", "/no:", ".")) {
      check(
          SpawnRequests.of("tool").cwd(temp).environment(new Put("PATH", path)),
          Culprit.PROGRAM,
          "ENOENT",
          "program not found: \"tool\"" + advice);
    }
    check(
        SpawnRequests.of("text").cwd(temp).environment(new Put("PATH", "/no")),
        Culprit.PROGRAM,
        "ENOENT",
        "program not found: \"text\"");
  }

  @Test
  void refusedFileOfASearchIsNamed() throws Exception {
    Path file = script("tool", "", "rw-r--r--");
    check(
        SpawnRequests.of("tool").environment(new Put("PATH", "/no:" + temp)),
        Culprit.PROGRAM,
        "EACCES",
        "permission denied: \"tool\" (\"" + file + "\" is not executable)");
  }

  @Test
  void programThatIsOpenForWritingIsNamed() throws Exception {
    Path file = temp.resolve("busy");
    Files.copy(Path.of(TRUE), file, StandardCopyOption.COPY_ATTRIBUTES);
    try (OutputStream _ = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      check(
          SpawnRequests.of(file.toString()),
          Culprit.PROGRAM,
          "ETXTBSY",
          "cannot execute \"" + file + "\": it is open for writing (posix_spawn: ETXTBSY)");
    }
  }

  private void checkInterpreter(String interpreter, String named, String error) throws IOException {
    Path file = script("script", "#! " + interpreter + " -x\n", "rwxr-xr-x");
    check(
        SpawnRequests.of(file.toString()),
        Culprit.INTERPRETER,
        error,
        named + " of \"" + file + "\" cannot be executed (posix_spawn: " + error + ")");
  }

  private void checkInterpreter(String interpreter, String error) throws IOException {
    checkInterpreter(interpreter, "interpreter \"" + interpreter + "\"", error);
  }

  @Test
  void unusableInterpreterIsNamed() throws Exception {
    checkInterpreter(temp.toString(), "EACCES");
    checkInterpreter(script("text", "", "rw-r--r--").toString(), "EACCES");
    Path chained = script("chained", "#!" + temp, "rwxr-xr-x");
    checkInterpreter(chained.toString(), "interpreter \"" + temp + "\"", "EACCES");
    checkInterpreter("/etc/passwd/x", "ENOTDIR");
    Path loop = temp.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    checkInterpreter(loop.toString(), "ELOOP");
    checkInterpreter(temp.resolve("script").toString(), "interpreter", "ELOOP");
  }

  @Test
  void scriptWithoutPermissionIsNamed() throws Exception {
    Path file = script("script", "#!/no/such\n", "rw-r--r--");
    check(SpawnRequests.of(file.toString()), Culprit.PROGRAM, "EACCES", "permission denied");
  }

  @Test
  void unusablePathsAreNamed() throws Exception {
    Path loop = temp.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    check(SpawnRequests.of(loop.toString()), Culprit.PROGRAM, "ELOOP", "cannot execute");
    check(
        SpawnRequests.of("/" + "a".repeat(300)), Culprit.PROGRAM, "ENAMETOOLONG", "cannot execute");
    check(SpawnRequests.of("/etc/passwd/x"), Culprit.PROGRAM, "ENOTDIR", "cannot execute");
  }

  @Test
  void badWorkingDirectoryIsNamed() throws Exception {
    Path missing = temp.resolve("missing");
    SpawnRefused failure = failure(SpawnRequests.of(TRUE).cwd(missing));
    assertThat(failure.culprit()).isEqualTo(Culprit.WORKING_DIRECTORY);
    assertThat(failure.errorName()).isEqualTo("ENOENT");
    assertThat(failure).hasMessage("working directory does not exist: \"" + missing + "\"");
    Path file = Files.createFile(temp.resolve("file"));
    failure = failure(SpawnRequests.of(TRUE).cwd(file));
    assertThat(failure.culprit()).isEqualTo(Culprit.WORKING_DIRECTORY);
    assertThat(failure.errorName()).isEqualTo("ENOTDIR");
    assertThat(failure).hasMessage("working directory is not a directory: \"" + file + "\"");
    check(SpawnRequests.of("/no/such").cwd(temp), Culprit.PROGRAM, "ENOENT", "program not found");
    Path loop = temp.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    failure = failure(SpawnRequests.of(TRUE).cwd(loop));
    assertThat(failure.culprit()).isEqualTo(Culprit.WORKING_DIRECTORY);
    assertThat(failure.errorName()).isEqualTo("ELOOP");
    assertThat(failure).hasMessage("working directory cannot be reached: \"" + loop + "\"");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "uses setpriv")
  void closedWorkingDirectoryIsNamed() throws Exception {
    boolean root = ProcessHandle.current().info().user().orElse("").equals("root");
    String become = "setpriv --reuid=65534 --clear-groups ";
    String run = root ? become : "";
    if (root) {
      String look = become + "ls \"$1\" > /dev/null";
      assumeTrue(
          new ProcessBuilder("sh", "-c", look, "sh", SubJvm.root(SubJvm.class)).start().waitFor()
              == 0,
          "no other user can read the classes");
    }
    Path closed = Files.createDirectory(temp.resolve("closed"));
    Path inside = Files.createDirectory(closed.resolve("inside"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assertThat(
              new SubJvm()
                  .run(
                      "exec " + run + SubJvm.JVM,
                      Closed.class,
                      temp.resolve("result"),
                      closed.toString(),
                      inside.toString()))
          .isEqualTo(
              "WORKING_DIRECTORY EACCES working directory may not be entered: \"%s\"\n"
                      .formatted(closed)
                  + "WORKING_DIRECTORY EACCES working directory cannot be reached: \"%s\"\n"
                      .formatted(inside));
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** Reports how children fail that cannot enter their directories. */
  static final class Closed {
    private Closed() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      StringBuilder found = new StringBuilder();
      for (String directory : List.of(arguments[1], arguments[2])) {
        try {
          var _ = platform.spawn(SpawnRequests.of(TRUE).cwd(Path.of(directory)).build());
          found.append("started\n");
        } catch (SpawnRefused e) {
          found.append(e.culprit()).append(' ').append(e.errorName()).append(' ');
          found.append(e.getMessage()).append('\n');
        }
      }
      SubJvm.report(arguments[0], found.toString());
    }
  }

  /**
   * A program that the kernel refuses only when the child's old memory is gone already: there is no
   * error to return, and the child is killed before its first instruction.
   */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "changes an ELF program")
  void childKilledInExecveIsAnExit() throws Exception {
    byte[] program = Files.readAllBytes(Path.of(TRUE).toRealPath());
    ByteBuffer elf = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    assumeTrue(elf.getInt(0) == 0x464C457F && elf.get(4) == 2, "no ELF of 64 bits");
    int header = (int) elf.getLong(32); // e_phoff
    while (elf.getInt(header) != 1) { // PT_LOAD
      header += elf.getShort(54); // e_phentsize
    }
    elf.putLong(header + 16, 0x7FFF_FFFF_F000_0000L); // p_vaddr: beyond every address space
    Path file = temp.resolve("unloadable");
    Files.write(file, program);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    StepDriver driver = start(SpawnRequests.of(file.toString()));
    driver.text();
    assertThat(driver.status()).isInstanceOf(Termination.Killed.class);
    assertThat(((Termination.Killed) java.util.Objects.requireNonNull(driver.status())).signal())
        .isIn(9, 11); // SIGKILL, or SIGSEGV of newer kernels
  }

  @Test
  void tooLongArgumentIsCounted() throws Exception {
    output(SpawnRequests.of("true", "x".repeat(131_071)));
    SpawnRefused failure = failure(SpawnRequests.of("true", "y", "x".repeat(131_072), "z"));
    assertThat(failure.culprit()).isEqualTo(Culprit.RESOURCES);
    assertThat(failure.errorName()).isEqualTo("E2BIG");
    assertThat(failure)
        .hasMessageContaining(
            "131082 of arguments", "; the longest is argument 2 with 131072 bytes")
        .hasMessageNotContaining("xx");
  }

  @Test
  void tooLongVariableIsNamed() throws Exception {
    String longest = "x".repeat(131_071 - "BIG=".length());
    output(SpawnRequests.of(TRUE).environment(new Put("BIG", longest)));
    SpawnRefused failure =
        failure(
            SpawnRequests.of(TRUE, "hidden")
                .environment(new Clear(), new Put("A", "secret"), new Put("BIG", longest + "x")));
    assertThat(failure.culprit()).isEqualTo(Culprit.RESOURCES);
    assertThat(failure.errorName()).isEqualTo("E2BIG");
    int arguments = TRUE.length() + "hidden".length() + 2;
    int variables = "A=secret".length() + 131_072 + 2;
    assertThat(failure)
        .hasMessage(
            "arguments and environment of \"%s\" are too long: %d bytes in total, "
                + "%d of arguments and %d of the environment; "
                + "the longest is variable BIG with 131072 bytes",
            TRUE, arguments + variables, arguments, variables);
  }

  @Test
  void inheritedVariablesAreCounted() {
    SpawnRequests request = SpawnRequests.of(TRUE);
    for (int i = 0; i < 100; i++) {
      request.environment(new Put("V" + i, "x".repeat(100_000)));
    }
    SpawnRefused failure = failure(request.environment(new Put("LONGER", "x".repeat(100_100))));
    assertThat(failure.errorName()).isEqualTo("E2BIG");
    assertThat(failure)
        .hasMessageContaining("the longest is variable LONGER with 100107 bytes")
        .hasMessageNotContaining("xx");
    long own = 0;
    for (byte[] variable : CStrings.list(HOST.environment())) {
      own += variable.length + 1L;
    }
    long put = 10L * 100_004 + 90L * 100_005 + 100_108;
    assertThat(failure).hasMessageContaining(own + put + " of the environment");
  }

  @Test
  void variableWithoutANameIsNotShown() {
    byte[] odd = "secret".repeat(30_000).getBytes(StandardCharsets.US_ASCII);
    List<byte[]> arguments = List.of("true".getBytes(StandardCharsets.US_ASCII));
    assertThat(new ArgumentSizes(arguments, List.of(odd)))
        .hasToString(
            "180006 bytes in total, 5 of arguments and 180001 of the environment; "
                + "the longest is a variable without a name with 180000 bytes");
  }

  @Test
  void badRedirectIsNamed() throws Exception {
    Path missing = temp.resolve("missing");
    SpawnRefused failure =
        failure(SpawnRequests.of("cat").stdin(new File(missing, File.Mode.READ)));
    assertThat(failure.culprit()).isEqualTo(Culprit.REDIRECT);
    assertThat(failure.call()).isEqualTo("open");
    assertThat(failure.errorName()).isEqualTo("ENOENT");
    assertThat(failure).hasMessageContaining(missing.toString());
    failure = failure(SpawnRequests.of("cat").stderr(new Descriptor(4711)));
    assertThat(failure.culprit()).isEqualTo(Culprit.REDIRECT);
    assertThat(failure.errorName()).isEqualTo("EBADF");
    assertThat(failure).hasMessageContaining("descriptor 4711");
    failure = failure(SpawnRequests.of("cat").stdout(new File(temp, File.Mode.WRITE)));
    assertThat(failure.errorName()).isEqualTo("EISDIR");
  }

  @Test
  void tooLargePipeSizeIsRefused() {
    notLikeMac("without F_SETPIPE_SZ no size is refused");
    SpawnRefused failure = failure(SpawnRequests.of("cat").pipeSize(Integer.MAX_VALUE));
    assertThat(failure.culprit()).isEqualTo(Culprit.RESOURCES);
    assertThat(failure.call()).isEqualTo("fcntl");
  }

  @Test
  void missingGroupIsRefused() {
    check(
        SpawnRequests.of("true").processGroup(0x3fffffff), Culprit.OTHER, "EPERM", "not permitted");
  }

  @Test
  @Covers("promise 9")
  void everyKindOfFailureLeavesNothing() throws Exception {
    Path noexec = script("noexec", "", "rw-r--r--");
    Path text = script("text", "hi\n", "rwxr-xr-x");
    Resources before = Resources.now();
    for (int i = 0; i < 300; i++) {
      failure(SpawnRequests.of("/no/such"));
      failure(SpawnRequests.of(noexec.toString()));
      failure(SpawnRequests.of(text.toString()));
      failure(SpawnRequests.of(TRUE).cwd(noexec));
      failure(SpawnRequests.of("cat").stdout(new Descriptor(4711)));
      failure(SpawnRequests.of("cat").stderr(new File(temp, File.Mode.APPEND)));
    }
    assertThat(before.moreAfterAll()).isEmpty();
  }
}

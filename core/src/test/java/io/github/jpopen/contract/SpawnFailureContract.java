package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SpawnException.Culprit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A child that cannot be started: the culprit, the error of the system, and nothing left behind.
 */
public abstract class SpawnFailureContract extends ContractTest {
  private static final String MISSING = "/nonexisting/program";

  private static SpawnException failure(Command<?> command) {
    SpawnException e = catchThrowableOfType(SpawnException.class, command::start);
    assertThat(e).as("no SpawnException").isNotNull();
    assertThat(e.stdout().isCaptured()).isFalse();
    assertThat(e.stderr().isCaptured()).isFalse();
    assertThat(e.errorCode()).isPositive();
    return e;
  }

  /** A PATH without programs. In that of this machine, a closed folder would be EACCES. */
  private String nothing() {
    return temp().toString();
  }

  private static void assertBlames(
      SpawnException e, Culprit culprit, String errorName, String inMessage) {
    assertThat(e.culprit()).isEqualTo(culprit);
    assertThat(e.getMessage()).containsIgnoringCase(inMessage);
    if (File.separatorChar == '/') {
      assertThat(e.errorName()).isEqualTo(errorName);
    }
  }

  private Path program(String text, String permissions) throws IOException {
    Path program = file("program", text);
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(permissions));
  }

  @Test
  @Covers({"test_file_not_found_includes_filename", "promise 7"})
  void missingProgramIsNamed() {
    SpawnException e = failure(Command.of(MISSING, "secret argument").captureOutput());
    assertBlames(e, Culprit.PROGRAM, "ENOENT", MISSING);
    assertThat(e.program()).isEqualTo(MISSING);
    assertThat(e).hasMessageNotContaining("secret");
    assertThat(e.call()).isNotEmpty();
  }

  @Test
  @Covers("Posix.test_exception_bad_args_0")
  void missingProgramInThePathIsNamed() {
    SpawnException e = failure(Command.of("jpopen-no-such-program").env("PATH", nothing()));
    assertBlames(e, Culprit.PROGRAM, "ENOENT", "jpopen-no-such-program");
  }

  @Test
  void programNameWithASpaceGetsAdvice() {
    assertThat(failure(Command.of("ls -l").env("PATH", nothing())))
        .hasMessageContaining("pass each argument separately, or use Command.parse");
    assertThat(failure(Command.of(MISSING)).getMessage()).doesNotContain("separately");
  }

  @Test
  @Covers({"Posix.test_exception_bad_executable", "promise 7"})
  void missingExecutableIsNamed() {
    Path missing = Path.of(MISSING);
    SpawnException e = failure(Command.of("name").executable(missing));
    assertBlames(e, Culprit.PROGRAM, "ENOENT", missing.toString());
  }

  @Test
  @PosixOnly("files have no permission bits on Windows")
  @Covers("promise 7")
  void fileWithoutPermissionIsNamed() throws Exception {
    SpawnException e = failure(Command.of(program("#!/bin/sh\n", "rw-------").toString()));
    assertBlames(e, Culprit.PROGRAM, "EACCES", "program");
  }

  @Test
  @PosixOnly("CreateProcessW has other errors")
  void directoryIsNotAProgram() {
    assertBlames(failure(Command.of(temp())), Culprit.PROGRAM, "EACCES", temp().toString());
  }

  @Test
  @PosixOnly("scripts have no interpreter line on Windows")
  @Covers("promise 7")
  void missingInterpreterIsNamed() throws Exception {
    Path script = program("#!/nonexisting/interpreter -x\n", "rwx------");
    SpawnException e = failure(Command.of(script));
    assertBlames(e, Culprit.INTERPRETER, "ENOENT", "interpreter");
    assertThat(e).hasMessageContaining(script.toString());
  }

  @Test
  @PosixOnly("scripts have no interpreter line on Windows")
  @Covers({"promise 7", "promise 8"})
  void scriptWithoutInterpreterIsNotRunByAShell() throws Exception {
    SpawnException e = failure(Command.of(program("echo hello\n", "rwx------")));
    assertBlames(e, Culprit.PROGRAM, "ENOEXEC", "Exec format error");
  }

  @Test
  @Covers({"test_file_not_found_with_bad_cwd", "Posix.test_exception_cwd", "promise 7"})
  void missingDirectoryIsNamed() {
    Path missing = file("missing");
    SpawnException e = failure(child().cwd(missing));
    assertBlames(e, Culprit.WORKING_DIRECTORY, "ENOENT", missing.toString());
    assertThat(e).hasMessageContaining("working directory does not exist: \"" + missing + "\"");
  }

  @Test
  @Covers("promise 7")
  void fileAsDirectoryIsNamed() throws Exception {
    Path file = file("file", "");
    assertBlames(failure(child().cwd(file)), Culprit.WORKING_DIRECTORY, "ENOTDIR", file.toString());
  }

  @Test
  @Covers("promise 7")
  void redirectFileIsNamed() {
    Path missing = file("missing");
    SpawnException in = failure(child().stdin(Redirect.from(missing)).captureOutput());
    assertBlames(in, Culprit.REDIRECT, "ENOENT", missing.toString());
    Path nowhere = missing.resolve("out");
    SpawnException out = failure(child().stdout(Redirect.to(nowhere)));
    assertBlames(out, Culprit.REDIRECT, "ENOENT", nowhere.toString());
    SpawnException err = failure(child().stderr(Redirect.appendTo(temp())));
    assertBlames(err, Culprit.REDIRECT, "EISDIR", temp().toString());
  }

  @Test
  @PosixOnly("descriptors have numbers on POSIX only")
  void closedDescriptorIsNamed() {
    SpawnException e = failure(child().stdout(Redirect.fd(9_999)));
    assertBlames(e, Culprit.REDIRECT, "EBADF", "9999");
  }

  @Test
  @PosixOnly("the limits of Windows differ")
  void tooLongArgumentNamesTheLimit() {
    String longest = "x".repeat(131_071);
    assertThat(catchThrowableOfType(Throwable.class, () -> Command.of("true", longest).call()))
        .isNull();
    assertBlames(failure(Command.of("true", longest + "x")), Culprit.RESOURCES, "E2BIG", "131072");
  }

  @Test
  @Covers({"test_nonexisting_with_pipes", "test_failed_child_execute_fd_leak"})
  void failedStartClosesEveryPipe() {
    var before = Resources.descriptors();
    SpawnException _ =
        failure(Command.of(MISSING).stdin(Redirect.PIPE).captureOutput().cwd(temp()));
    assertThat(Resources.descriptors()).hasSameSizeAs(before);
    assertThat(Resources.children()).isEmpty();
  }

  @Test
  @Covers({"test_leaking_fds_on_error", "promise 7", "promise 9"})
  void thousandFailedStartsLeaveNothing() {
    var before = Resources.descriptors();
    for (int i = 0; i < 1024; i++) {
      SpawnException e =
          catchThrowableOfType(
              SpawnException.class,
              () -> Command.of(MISSING).stdin(Redirect.PIPE).captureOutput().start());
      assertThat(e.errorCode()).isPositive();
    }
    assertThat(Resources.descriptors()).hasSameSizeAs(before);
  }

  /**
   * Another thread opens and closes files while starts fail. A descriptor that a failed start
   * closes twice may be that of the file, whose next use then fails.
   */
  @Test
  @Covers("test_double_close_on_error")
  void failedStartClosesNoDescriptorOfOthers() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    Path file = file("bystander", "content");
    var bystander =
        Background.start(
            () -> {
              while (!stop.get()) {
                try (var channel = Files.newByteChannel(file)) {
                  Thread.onSpinWait();
                  assertThat(channel.size()).isEqualTo(7);
                }
                rounds.incrementAndGet();
              }
              return rounds.get();
            });
    for (int i = 0; i < 300 || rounds.get() < 300; i++) {
      SpawnException _ = failure(Command.of(MISSING).stdin(Redirect.PIPE).captureOutput());
    }
    stop.set(true);
    assertThat(bystander.result()).isPositive();
  }

  @Test
  @Covers("promise 7")
  void nextStartWorks() throws Exception {
    SpawnException _ = failure(Command.of(MISSING).captureOutput());
    assertThat(child(out("fine")).checkOutput()).asString().isEqualTo("fine");
  }
}

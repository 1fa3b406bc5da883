package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.Redirect.STDERR;
import static io.github.jpopen.Redirect.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.Output;
import io.github.jpopen.Redirect;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Where the three streams lead: files, the null device, descriptors, each other. {@link
 * HostContract} tests inherited streams.
 */
public abstract class RedirectContract extends ContractTest {

  @Test
  @Covers("test_stdin_fileobj")
  void stdinReadsFromAFile() throws Exception {
    var p = start(child(expect(utf8("pear"))).stdin(Redirect.from(file("in", "pear"))));
    assertThat(p.waitFor()).isZero();
    assertThatIllegalStateException().isThrownBy(p::stdin);
  }

  @Test
  @Covers("test_stdout_fileobj")
  void stdoutGoesToAFile() throws Exception {
    Path out = file("out", "old content");
    var p = start(child(out("orange")).stdout(Redirect.to(out)));
    assertThat(p.waitFor()).isZero();
    assertThat(out).hasContent("orange");
    assertThat(p.communicate().hasStdout()).isFalse();
  }

  @Test
  @Covers("test_stderr_fileobj")
  void stderrGoesToAFile() throws Exception {
    Path err = file("err");
    assertThat(child(err("strawberry")).stderr(Redirect.to(err)).call()).isZero();
    assertThat(err).hasContent("strawberry");
  }

  @Test
  void appendingKeepsTheContent() throws Exception {
    Path log = file("log", "old ");
    assertThat(child(out("new")).stdout(Redirect.appendTo(log)).call()).isZero();
    assertThat(child(err("er")).stderr(Redirect.appendTo(log)).call()).isZero();
    assertThat(log).hasContent("old newer");
  }

  @Test
  void appendingCreatesAMissingFile() throws Exception {
    Path log = file("log");
    assertThat(child(out("new")).stdout(Redirect.appendTo(log)).call()).isZero();
    assertThat(log).hasContent("new");
  }

  @Test
  @Covers("test_stdout_stderr_pipe")
  void bothOutputsShareOnePipeInOrder() throws Exception {
    var p = start(child(out("a"), err("b"), out("c"), err("d")).stdout(PIPE).stderr(STDOUT));
    assertThatIllegalStateException().isThrownBy(p::stderr);
    Output<byte[]> output = p.communicate();
    assertThat(output.stdout()).asString().isEqualTo("abcd");
    assertThat(output.hasStderr()).isFalse();
  }

  @Test
  @Covers("test_stdout_stderr_file")
  void bothOutputsGoToOneFile() throws Exception {
    Path both = file("both");
    var command = child(out("apple"), err("orange"), out("!"));
    assertThat(command.stdout(Redirect.to(both)).stderr(STDOUT).call()).isZero();
    assertThat(both).hasContent("appleorange!");
  }

  @Test
  void twoAppendsToOneFileLoseNothing() throws Exception {
    Path both = file("both");
    var command = child(out("apple"), err("orange"), out("!"));
    assertThat(command.stdout(Redirect.appendTo(both)).stderr(Redirect.appendTo(both)).call())
        .isZero();
    assertThat(both).hasContent("appleorange!");
  }

  @Test
  @Covers("test_stdin_devnull")
  void devNullIsAnEmptyStdin() throws Exception {
    var p = start(child(cat(), out("end")).stdin(DEVNULL).stdout(PIPE));
    assertThatIllegalStateException().isThrownBy(p::stdin);
    assertThat(p.communicate().stdout()).asString().isEqualTo("end");
  }

  @Test
  @Covers({"test_stdout_devnull", "test_stderr_devnull"})
  void devNullDiscardsTheOutput() throws Exception {
    var p = start(child(flood(200_000), exit(3)).stdout(DEVNULL).stderr(DEVNULL));
    assertThatIllegalStateException().isThrownBy(p::stdout);
    assertThatIllegalStateException().isThrownBy(p::stderr);
    Output<byte[]> output = p.communicate();
    assertThat(output.hasStdout()).isFalse();
    assertThat(output.hasStderr()).isFalse();
    assertThat(p.returncode()).isEqualTo(3);
  }

  @Test
  void stderrFollowsStdout() throws Exception {
    var p = start(child(out("o"), err("e")).stdout(DEVNULL).stderr(STDOUT));
    assertThat(p.waitFor()).isZero();
    Path out = file("out");
    assertThat(child(err("e")).stderr(STDOUT).stdout(Redirect.to(out)).call()).isZero();
    assertThat(out).hasContent("e");
  }

  @Test
  @Covers("rule 44")
  void stdoutFollowsStderr() throws Exception {
    var command = child(out("a"), err("b"), out("c"), err("d")).stdout(STDERR);
    var p = start(command.stderr(PIPE));
    assertThatIllegalStateException().isThrownBy(p::stdout);
    Output<byte[]> output = p.communicate();
    assertThat(output.stderr()).asString().isEqualTo("abcd");
    assertThat(output.hasStdout()).isFalse();
    Path file = file("both", "old ");
    assertThat(command.stderr(Redirect.appendTo(file)).call()).isZero();
    assertThat(file).hasContent("old abcd");
    assertThat(command.stderr(Redirect.to(file)).call()).isZero();
    assertThat(file).hasContent("abcd");
    assertThat(command.stderr(DEVNULL).run().hasStderr()).isFalse();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    assertThat(command.stderr(Redirect.to(stream)).call()).isZero();
    assertThat(stream).hasToString("abcd");
    assertThat(command.stderr(PIPE.tee(file).tail(2)).run().stderr()).asString().isEqualTo("cd");
    assertThat(file).hasContent("abcd");
  }

  @Test
  void linesOfAStdoutThatFollowsAreThoseOfStderr() throws Exception {
    List<String> lines = new ArrayList<>();
    child(out("a\n"), err("b\n"), out("c"))
        .stdout(STDERR)
        .onLine((stream, line) -> lines.add(stream + " " + line))
        .checkCall();
    assertThat(lines).containsExactly("STDERR a", "STDERR b", "STDERR c");
  }

  @Test
  @PosixOnly("descriptors have numbers on POSIX only")
  void stdoutFollowsAnOpenDescriptor() throws Exception {
    Path file = file("fd", "");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      Redirect fd = Redirect.fd(Resources.descriptorOf(file));
      assertThat(child(out("a"), err("b"), out("c")).stdout(STDERR).stderr(fd).call()).isZero();
      assertThat(file).hasContent("abc");
      assertThat(open.getFilePointer()).isEqualTo(3);
    }
  }

  @Test
  void redirectFilesAreFoundFromOurDirectory() throws Exception {
    Path directory = Files.createDirectory(file("elsewhere"));
    Path out = file("out");
    Path relative = Path.of("").toAbsolutePath().relativize(out.toAbsolutePath());
    assertThat(child(printCwd()).cwd(directory).stdout(Redirect.to(relative)).call()).isZero();
    assertThat(out).hasContent(directory.toRealPath().toString());
  }

  @Test
  void fileIsReopenedForEveryRun() throws Exception {
    var command = child(cat()).stdin(Redirect.from(file("in", "again"))).stdout(PIPE);
    assertThat(command.checkOutput()).asString().isEqualTo("again");
    assertThat(command.checkOutput()).asString().isEqualTo("again");
  }

  @Test
  @PosixOnly("descriptors have numbers on POSIX only")
  @Covers({"test_stdin_filedes", "test_stdout_filedes", "test_stderr_filedes", "promise 12"})
  void openDescriptorsAreSharedAndStayOpen() throws Exception {
    Path in = file("in", "pear");
    Path out = file("out", "");
    Path err = file("err", "");
    try (RandomAccessFile stdin = new RandomAccessFile(in.toFile(), "r");
        RandomAccessFile stdout = new RandomAccessFile(out.toFile(), "rw");
        RandomAccessFile stderr = new RandomAccessFile(err.toFile(), "rw")) {
      var command =
          child(cat(), err("strawberry"))
              .stdin(Redirect.fd(Resources.descriptorOf(in)))
              .stdout(Redirect.fd(Resources.descriptorOf(out)))
              .stderr(Redirect.fd(Resources.descriptorOf(err)));
      assertThat(command.call()).isZero();
      assertThat(Files.readString(out, UTF_8)).isEqualTo("pear");
      assertThat(Files.readString(err, UTF_8)).isEqualTo("strawberry");
      assertThat(stdin.getFilePointer()).as("one file position for both").isEqualTo(4);
      stdout.write('!');
      stderr.write('!');
      assertThat(out).hasContent("pear!");
      assertThat(err).hasContent("strawberry!");
    }
  }

  @Test
  @PosixOnly("descriptors have numbers on POSIX only")
  @Covers({
    "Posix.test_stdout_stdin_are_single_inout_fd",
    "Posix.test_stdout_stderr_are_single_inout_fd",
    "Posix.test_stderr_stdin_are_single_inout_fd"
  })
  void oneDescriptorServesSeveralStreams() throws Exception {
    Path file = file("inout", "");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      Redirect fd = Redirect.fd(Resources.descriptorOf(file));
      assertThat(child(out("a"), out("b")).stdin(fd).stdout(fd).call()).isZero();
      assertThat(child(out("c"), err("d")).stdout(fd).stderr(fd).call()).isZero();
      assertThat(child(err("e")).stdin(fd).stderr(fd).call()).isZero();
      assertThat(child(out("f"), err("g")).stdin(fd).stdout(fd).stderr(fd).call()).isZero();
      assertThat(file).hasContent("abcdefg");
      assertThat(open.getFilePointer()).isEqualTo(7);
    }
  }
}

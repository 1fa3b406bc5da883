package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.contract.ChannelKind.Pair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of channel as stdin, stdout and stderr of a child; a publisher as stdin. */
public abstract class ChannelContract extends ContractTest {
  private static final int MUCH = 200_000;

  @BeforeAll
  static void openWhatTheJvmKeeps() throws Exception {
    ChannelKind.openWhatTheJvmKeeps();
  }

  private static Background<Integer> feed(ChannelKind kind, Pair pair, byte[] bytes)
      throws InterruptedException {
    var feeding =
        Background.start(
            () -> {
              pair.write(bytes);
              if (kind.isConnected()) {
                pair.sink().close();
              }
              return bytes.length;
            });
    if (!kind.isConnected()) {
      int _ = feeding.result();
    }
    return feeding;
  }

  /** What a connected one delivers must be read while the child runs. */
  private static Callable<byte[]> reading(ChannelKind kind, Pair pair) {
    return kind.isConnected() ? Background.start(pair::readAll)::result : pair::readAll;
  }

  private static byte[] written(ChannelKind kind, Pair pair, Callable<byte[]> reading)
      throws Exception {
    assertThat(pair.sink().isOpen()).isTrue();
    if (kind.isConnected()) {
      pair.sink().close();
    }
    return reading.call();
  }

  @ParameterizedTest
  @EnumSource
  @Covers({"test_stdin_fileobj", "test_stdout_fileobj", "test_stderr_fileobj"})
  void channelIsEachStream(ChannelKind kind) throws Exception {
    byte[] bytes = Pattern.bytes(MUCH, 3);
    try (Pair in = kind.open(file("in"));
        Pair out = kind.open(file("out"));
        Pair err = kind.open(file("err"))) {
      var feeding = feed(kind, in, bytes);
      var stdout = reading(kind, out);
      var stderr = reading(kind, err);
      Command<byte[]> command =
          child(catBoth())
              .input(Input.channel(in.source()))
              .stdout(Redirect.to(out.sink()))
              .stderr(Redirect.to(err.sink()));
      assertThat(command.run().returncode()).isZero();
      assertThat(feeding.result()).isEqualTo(MUCH);
      assertThat(in.source().isOpen()).isTrue();
      String all = Pattern.sha256(bytes);
      assertThat(Pattern.sha256(written(kind, out, stdout))).isEqualTo(all);
      assertThat(Pattern.sha256(written(kind, err, stderr))).isEqualTo(all);
    }
  }

  /** Only connected ones wait: a file has an end. */
  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  @Covers("promise 1")
  void silentChannelDelaysNoTimeout(ChannelKind kind) throws Exception {
    try (Pair pair = kind.open(file("channel"))) {
      var p = start(child(cat()).stdin(PIPE).stdout(PIPE));
      pair.write(utf8("first "));
      timedOut(() -> p.communicate(Input.channel(pair.source()), SHORT));
      pair.write(utf8("second "));
      timedOut(() -> p.communicate(SHORT));
      var interrupted = Background.start(() -> p.communicate(LONG));
      interrupted.interrupt();
      assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
      assertThat(pair.source().isOpen()).isTrue();
      pair.write(utf8("third"));
      pair.sink().close();
      assertThat(p.communicate().stdout()).asString().isEqualTo("first second third");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  @SuppressWarnings("try") // closed early is the point
  void channelThatIsClosedWhileItIsReadFailsTheCall(ChannelKind kind) throws Exception {
    try (Pair pair = kind.open(file("channel"))) {
      var p = start(child(answer(), awaitEof(), exit(9)).stdin(PIPE).stdout(PIPE));
      pair.write(utf8("begin\n"));
      timedOutAfter(p, Input.channel(pair.source()));
      pair.source().close();
      SubprocessException e = catchThrowableOfType(SubprocessException.class, p::communicate);
      assertThat(e).hasCauseInstanceOf(IOException.class).hasMessageNotContaining("null");
      assertThat(e.stdout().text()).isEqualTo("got begin\n");
      assertThat(p.poll(SHORT)).as("no end of file was shown to the child").isEmpty();
    }
  }

  private static void timedOutAfter(Popen<byte[]> p, Input input) {
    timedOut(() -> p.communicate(input, SHORT));
    assertThat(timedOutWith(p, "got begin\n".length()).stdout().size()).isPositive();
  }

  @Test
  void publisherIsStdin() throws Exception {
    byte[] bytes = Pattern.bytes(MUCH, 4);
    var p = start(child(digest()).stdin(PIPE).stdout(PIPE));
    Background<Output<byte[]>> call;
    try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
      call = Background.start(() -> p.communicate(Input.publisher(publisher)));
      Eventually.await("the input subscribes", publisher::hasSubscribers);
      for (int i = 0; i < MUCH; i += 10_000) {
        int _ = publisher.submit(ByteBuffer.wrap(bytes, i, 10_000));
      }
    }
    assertThat(call.result().stdout()).asString().isEqualTo(MUCH + " " + Pattern.sha256(bytes));
  }

  @Test
  @Covers("rule 15")
  void endlessPublisherIsCancelledWithItsChild() throws Exception {
    try (SubmissionPublisher<ByteBuffer> publisher = new SubmissionPublisher<>()) {
      var p = start(child(answer(), exit(3)).stdin(PIPE).stdout(PIPE));
      var call = Background.start(() -> p.communicate(Input.publisher(publisher)));
      Eventually.await("the input subscribes", publisher::hasSubscribers);
      Eventually.await(
          "the input cancels",
          () -> {
            int _ = publisher.offer(ByteBuffer.wrap(utf8("hello\n")), null);
            return !publisher.hasSubscribers();
          });
      assertThat(call.result().stdout()).asString().isEqualTo("got hello\n");
      assertThat(p.returncode()).isEqualTo(3);
    }
  }
}

package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel as input: of any class and in any state, and open afterwards. */
class ChannelSourceTest extends ScriptedTest {
  private static final Command<byte[]> INPUT_ONLY = Command.of("fake").stdin(PIPE);

  private interface Read {
    int read(ByteBuffer into) throws IOException;
  }

  private static ReadableByteChannel reading(Read read) {
    return new ReadableByteChannel() {
      private boolean closed;

      @Override
      public int read(ByteBuffer into) throws IOException {
        return read.read(into);
      }

      @Override
      public boolean isOpen() {
        return !closed;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /** Sends all of it, and returns what came. */
  private byte[] sent(ReadableByteChannel channel) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.channel(channel)));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(channel.isOpen()).isTrue();
    return child.input();
  }

  @Test
  void fileIsSentFromItsPosition(@TempDir Path directory) throws Exception {
    byte[] all = new byte[300_001];
    new Random(1).nextBytes(all);
    Path file = Files.write(directory.resolve("file"), all);
    try (FileChannel channel = FileChannel.open(file)) {
      byte[] rest = sent(channel.position(100_000));
      assertThat(rest).hasSize(200_001).endsWith(all[300_000]).startsWith(all[100_000]);
      assertThat(channel.position()).isEqualTo(300_001);
      assertThat(sent(channel)).isEmpty();
    }
  }

  /** Sizes by chance, and 0 as often as not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void anySizesArriveInOrder(int seed) throws Exception {
    Random random = new Random(seed);
    byte[] all = new byte[random.nextInt(1_000_000)];
    random.nextBytes(all);
    ByteBuffer rest = ByteBuffer.wrap(all);
    ReadableByteChannel channel =
        reading(
            into -> {
              if (!rest.hasRemaining()) {
                return -1;
              }
              int most = Math.min(into.remaining(), rest.remaining());
              int n = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(most);
              into.put(rest.slice(rest.position(), n));
              rest.position(rest.position() + n);
              return n;
            });
    assertThat(sent(channel)).isEqualTo(all);
  }

  @Test
  void channelThatDeliversNothingDelaysNoTimeoutAndIsReadNoLonger() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch read = new CountDownLatch(3);
    Thread[] reader = new Thread[1];
    ReadableByteChannel nothing =
        reading(
            _ -> {
              reader[0] = Thread.currentThread();
              read.countDown();
              return over.get() ? -1 : 0;
            });
    ScriptedChild child = child().stdout("early").readsInput();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e =
        timedOut(() -> p.communicate(Input.channel(nothing), Duration.ofMillis(5)));
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
    assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
    child.hangsUpInput().endsOutputs().exits(0);
    p.communicate();
    assertThat(reader[0].join(Duration.ofSeconds(10))).as("the thread ends").isTrue();
    assertThat(nothing.isOpen()).isTrue();
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IOException("disk on fire"),
        new IOException(),
        new ClosedChannelException(),
        new IllegalStateException("bug"),
        new StackOverflowError("deep"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureIsReportedOnceAfterWhatCameBefore(Throwable failure) throws Exception {
    ByteBuffer first = bytes("some");
    ReadableByteChannel channel =
        reading(
            into -> {
              if (first.hasRemaining()) {
                into.put(first);
                return 4;
              }
              switch (failure) {
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                default -> throw (Error) failure;
              }
            });
    ScriptedChild child = child().stdout("so far").readsInput();
    Popen<byte[]> p = start(PIPES);
    SubprocessException e =
        catchThrowableOfType(
            SubprocessException.class, () -> p.communicate(Input.channel(channel)));
    assertThat(e.getCause()).isSameAs(failure);
    assertThat(e)
        .hasMessageStartingWith("the input of \"fake\" failed: ")
        .hasMessageNotContaining("null");
    assertThat(child.inputText()).isEqualTo("some");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    child.endsOutputs().exits(1);
    assertThat(p.communicate().stdout()).asString().isEqualTo("so far");
    assertThat(channel.isOpen()).isTrue();
  }

  /** A count that no channel may return. */
  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, 65_537, -2})
  void nonsenseIsNoInput(int count) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call =
        Call.of(() -> p.communicate(Input.channel(reading(_ -> count)), LONG));
    assertThat(call.failure())
        .isInstanceOf(SubprocessException.class)
        .hasMessageEndingWith("the channel has read " + count + " bytes");
    assertThat(child.input()).isEmpty();
    child.exits(0);
    p.communicate();
  }

  /** What the buffer held before is no input. */
  @ParameterizedTest
  @CsvSource({"4, 0", "65536, 0", "4, 3", "3, 4", "0, 4", "-1, 4"})
  void countThatIsNotWhatCameIsNoInput(int said, int given) throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    ByteBuffer first = bytes("first");
    ReadableByteChannel channel =
        reading(
            into -> {
              if (first.hasRemaining()) {
                into.put(first);
                return 5;
              }
              into.position(into.position() + given);
              return said;
            });
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.channel(channel), LONG));
    assertThat(call.failure())
        .isInstanceOf(SubprocessException.class)
        .hasMessage(
            "the input of \"fake\" failed: the channel says that it has read "
                + said
                + " bytes, and it has given "
                + given);
    assertThat(child.inputText()).isEqualTo("first");
    child.exits(0);
    p.communicate();
  }

  /** A blocking read that is interrupted would close the channel. */
  @Test
  @SuppressWarnings("try") // closed early is the point
  void interruptOfTheCallClosesNoChannelAndLosesNothing() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(INPUT_ONLY);
      int _ = sink.write(bytes("one "));
      Call<Output<byte[]>> first = Call.of(() -> p.communicate(Input.channel(source)));
      child.awaitInput(4);
      first.interrupt();
      assertThat(first.failure()).isInstanceOf(InterruptedException.class);
      int _ = sink.write(bytes("two "));
      timedOut(() -> p.communicate(Duration.ofMillis(5)));
      assertThat(source.isOpen()).isTrue();
      int _ = sink.write(bytes("three"));
      sink.close();
      Call<Output<byte[]>> last = Call.of(() -> p.communicate(LONG));
      child.awaitClosedByCore(STDIN);
      child.exits(0);
      last.result();
      assertThat(child.inputText()).isEqualTo("one two three");
    }
  }

  @Test
  @SuppressWarnings("try") // closed early is the point
  void channelThatIsClosedWhileItIsReadFailsTheCall() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(INPUT_ONLY);
      int _ = sink.write(bytes("first"));
      Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.channel(source)));
      child.awaitInput(5);
      source.close();
      assertThat(call.failure())
          .isInstanceOf(SubprocessException.class)
          .hasCauseInstanceOf(ClosedChannelException.class)
          .hasMessageNotContaining("null");
      assertThat(child.isClosedByCore(STDIN)).isFalse();
      child.exits(0);
      p.communicate();
    }
  }

  @Test
  void closedChannelFailsTheCall() throws Exception {
    Pipe pipe = Pipe.open();
    pipe.sink().close();
    Input input = Input.channel(pipe.source());
    pipe.source().close();
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(() -> p.communicate(input))
        .withCauseInstanceOf(ClosedChannelException.class);
    child.exits(0);
    p.communicate();
  }

  // The mode.

  @Test
  void nonBlockingChannelIsRefused() throws Exception {
    try (SocketChannel socket = SocketChannel.open()) {
      socket.configureBlocking(false);
      assertThatThrownBy(() -> Input.channel(socket))
          .isInstanceOf(IllegalBlockingModeException.class);
      assertThatThrownBy(() -> Redirect.to(socket))
          .isInstanceOf(IllegalBlockingModeException.class);
    }
  }

  @Test
  void sourceThatTurnsNonBlockingFailsTheCall() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel _ = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      Input input = Input.channel(source);
      source.configureBlocking(false);
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(INPUT_ONLY);
      assertThatExceptionOfType(SubprocessException.class)
          .isThrownBy(() -> p.communicate(input))
          .withMessageEndingWith("the channel is in non-blocking mode");
      child.exits(0);
      p.communicate();
    }
  }

  @Test
  void sinkThatTurnsNonBlockingFailsTheCall() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel _ = pipe.source()) {
      Redirect redirect = Redirect.to(sink);
      sink.configureBlocking(false);
      child().stdout("x").endsOutputs().exits(0);
      Popen<byte[]> p = start(Command.of("fake").stdout(redirect));
      assertThatExceptionOfType(SubprocessException.class)
          .isThrownBy(p::communicate)
          .withMessageEndingWith("the channel is in non-blocking mode");
      p.communicate();
    }
  }

  // How often, and how little.

  @Test
  void channelCanBeUsedOnce() throws Exception {
    Input input = Input.channel(Channels.newChannel(new ByteArrayInputStream(new byte[9])));
    ScriptedChild first = child().readsInput();
    Popen<byte[]> p1 = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p1.communicate(input));
    first.awaitClosedByCore(STDIN);
    first.exits(0);
    call.result();
    child();
    Popen<byte[]> p2 = start(INPUT_ONLY);
    assertThatIllegalStateException()
        .isThrownBy(() -> p2.communicate(input))
        .withMessageStartingWith("this input was used before: ");
  }

  @Test
  void unreadChannelCanBeUsedAgain() throws Exception {
    ByteBuffer all = bytes("once");
    Input input =
        Input.channel(
            reading(
                into -> {
                  int n = all.remaining();
                  into.put(all);
                  return n == 0 ? -1 : n;
                }));
    child();
    Popen<byte[]> closed = start(INPUT_ONLY);
    closed.stdin().close();
    assertThatIllegalStateException().isThrownBy(() -> closed.communicate(input));
    assertThat(all.remaining()).as("nothing was read").isEqualTo(4);
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("once");
  }

  @Test
  void readAheadIsLimited() throws Exception {
    CountDownLatch full = new CountDownLatch(5);
    Thread[] reader = new Thread[1];
    ReadableByteChannel endless =
        reading(
            into -> {
              int n = into.remaining();
              into.position(into.limit());
              reader[0] = Thread.currentThread();
              full.countDown();
              return n;
            });
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.channel(endless), NONE));
    assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
    while (reader[0].getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    child.exits(0).refusesInput();
    p.communicate();
    assertThat(reader[0].join(Duration.ofSeconds(10))).as("the thread ends").isTrue();
  }

  @Test
  @SuppressWarnings("NullAway") // what should not be given
  void nullIsRefused() {
    assertThatNullPointerException()
        .isThrownBy(() -> Input.channel(null))
        .withMessage("source is null");
  }
}

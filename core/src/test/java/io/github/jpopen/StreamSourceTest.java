package io.github.jpopen;

import static io.github.jpopen.Redirect.PIPE;
import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.scripted.Source;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream as input: a slow, failing or blocking stream never looks like the end to the child. */
class StreamSourceTest extends ScriptedTest {
  private static final Command<byte[]> INPUT_ONLY = Command.of("fake").stdin(PIPE);

  private static Input opening(Source source) {
    Callable<Source> opens = () -> source;
    return Input.stream(opens);
  }

  @Test
  void sourceIsSentToItsEnd() throws Exception {
    byte[] bytes = new byte[1_000_003];
    new Random(1).nextBytes(bytes);
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call =
        Call.of(() -> p.communicate(Input.stream(new ByteArrayInputStream(bytes))));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.input()).isEqualTo(bytes);
  }

  @Test
  void emptySourceClosesStdinAtOnce() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.stream(new Source().ends())));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
  }

  @Test
  void slowSourceDelaysNeitherTimeoutNorOutput() throws Exception {
    Source source = new Source();
    ScriptedChild child = child().stdout("early").readsInput();
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e =
        timedOut(() -> p.communicate(Input.stream(source), Duration.ofMillis(20)));
    assertThat(e.stdout().bytes()).asString().isEqualTo("early");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    source.gives("one ");
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(LONG));
    child.awaitInput(4);
    source.gives("two").ends();
    child.awaitClosedByCore(STDIN);
    child.endsOutputs().exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("one two");
  }

  @Test
  void readAheadIsLimited() throws Exception {
    byte[] endless = new byte[64 * 1024];
    Source source = new Source();
    for (int i = 0; i < 100; i++) {
      source.gives(endless);
    }
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.stream(source), Duration.ofMillis(1)));
    source.awaitReaderParked();
    assertThat(source.given()).isBetween(1L, 10L * endless.length);
    child.exits(0).refusesInput();
    p.communicate();
  }

  @Test
  void failedSourceIsReportedOnce() throws Exception {
    IOException broken = new IOException("disk on fire");
    ScriptedChild child = child().stdout("so far").readsInput();
    Popen<byte[]> p = start(PIPES);
    Source source = new Source().gives("some ").gives("more").fails(broken);
    SubprocessException e =
        catchThrowableOfType(SubprocessException.class, () -> p.communicate(Input.stream(source)));
    assertThat(e).hasMessage("the input of \"fake\" failed: disk on fire").hasCause(broken);
    assertThat(e.stdout().bytes()).asString().isEqualTo("so far");
    assertThat(child.inputText()).isEqualTo("some more");
    assertThat(child.isClosedByCore(STDIN)).isFalse();

    child.stdout(" so good").endsOutputs().exits(1);
    assertThat(p.communicate().stdout()).asString().isEqualTo("so far so good");
    assertThat(child.isClosedByCore(STDIN)).isFalse();
    assertThat(p.returncode()).isEqualTo(1);
  }

  @Test
  void everyKindOfSourceFailureIsReported() throws Exception {
    for (Throwable failure :
        new Throwable[] {
          new IllegalStateException("bug"), new StackOverflowError("deep"), new IOException()
        }) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(INPUT_ONLY);
      assertThatExceptionOfType(SubprocessException.class)
          .isThrownBy(() -> p.communicate(Input.stream(new Source().fails(failure))))
          .withMessageNotContaining("null")
          .withCause(failure);
      child.exits(0);
      p.communicate();
    }
  }

  @Test
  void nextCallReportsFailedSource() throws Exception {
    Source source = new Source();
    ScriptedChild child = child();
    Popen<byte[]> p = start(INPUT_ONLY);
    timedOut(() -> p.communicate(Input.stream(source), NONE));
    source.fails(new IOException("late"));
    assertThatExceptionOfType(SubprocessException.class)
        .isThrownBy(p::communicate)
        .withMessageEndingWith("late");
    child.exits(0);
    p.communicate();
  }

  @Test
  void refusedInputClosesTheSource() throws Exception {
    Source source = new Source().gives("unwanted");
    ScriptedChild child = child().refusesInput().endsOutputs().exits(0);
    Popen<byte[]> p = start(PIPES);
    p.communicate(opening(source));
    source.awaitClosed();
    assertThat(child.input()).isEmpty();
  }

  @Test
  void closeClosesTheSource() throws Exception {
    Source source = new Source();
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(opening(source), NONE));
    child.exits(0);
    p.close();
    source.awaitClosed();
  }

  /** An interrupt of its reader would close it. */
  @Test
  void channelOfTheCallerStaysOpen() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SinkChannel sink = pipe.sink();
        Pipe.SourceChannel source = pipe.source()) {
      ScriptedChild child = child().readsInput();
      Popen<byte[]> p = start(INPUT_ONLY);
      sink.write(ByteBuffer.wrap("first".getBytes(UTF_8)));
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch ended = new CountDownLatch(2);
      Input input =
          Input.stream(
              new FilterInputStream(Channels.newInputStream(source)) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                  begun.countDown();
                  try {
                    return super.read(into, offset, length);
                  } finally {
                    ended.countDown();
                  }
                }
              });
      Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
      child.awaitInput(5);
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      child.hangsUpInput().exits(0);
      call.result();
      p.close();
      sink.write(ByteBuffer.wrap("the reader takes this".getBytes(UTF_8)));
      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(source.isOpen()).isTrue();
    }
  }

  // The byte comes in the moment in which the reader is interrupted, so often that it meets it.
  @RepeatedTest(50)
  void laterOutputOfASourceChildIsKept() throws Exception {
    ScriptedChild other = child().stdout("first");
    Popen<byte[]> source = start(PIPES);
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.stream(source.stdout())));
    child.awaitInput(5);
    other.awaitStepWanting(STDOUT, STDERR);
    child.hangsUpInput().exits(0);
    call.result();
    Call<Integer> reading = Call.of(() -> source.stdout().read());
    other.stdout("2");
    assertThat(reading.result()).isEqualTo('2');
    other.endsOutputs().exits(0);
  }

  /** No process can read the rest, and the source may block for hours. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void silentSourceDelaysNothingAfterHangUp(boolean outputs) throws Exception {
    Source source = new Source().gives("start");
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(outputs ? PIPES : INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(opening(source)));
    child.awaitInput(5);
    child.exits(0);
    if (outputs) {
      child.awaitStepWanting(STDOUT, STDERR);
      child.stdout("last words").endsOutputs();
    }
    child.awaitStepWanting(); // a grandchild might still read
    assertThat(call.isDone()).isFalse();
    child.hangsUpInput();
    assertThat(call.result().hasStdout()).isEqualTo(outputs);
    assertThat(p.returncode()).isZero();
    source.awaitClosed();
  }

  @Test
  void grandchildGetsTheInput() throws Exception {
    Source source = new Source();
    ScriptedChild child = child().exits(0).readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(Input.stream(source)));
    child.awaitStepWanting();
    source.gives("late");
    child.awaitInput(4);
    source.ends();
    call.result();
    assertThat(child.inputText()).isEqualTo("late");
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void timeoutPassesWhileOnlyTheSourceIsMissing() throws Exception {
    Source source = new Source();
    ScriptedChild child = child().exits(0).stdout("all").endsOutputs();
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.communicate(Input.stream(source), Duration.ofMillis(30)));
    TimeoutExpiredException e = timedOut(() -> p.communicate(Duration.ofMillis(5)));
    assertThat(e.stdout().bytes()).asString().isEqualTo("all");
    timedOut(() -> p.communicate(NONE));
    source.ends();
    p.communicate();
    assertThat(child.isClosedByCore(STDIN)).isTrue();
  }

  @Test
  void streamCanBeUsedOnce() throws Exception {
    Input input = Input.stream(new ByteArrayInputStream("once".getBytes(UTF_8)));
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
        .withMessage("this input was used before: for many children use stream(Callable)");
  }

  @Test
  void onlyOpenedStreamsAreClosed() throws Exception {
    Source given = new Source().ends();
    Source opened = new Source().ends();
    for (Input input : new Input[] {Input.stream(given), opening(opened)}) {
      ScriptedChild child = child();
      Popen<byte[]> p = start(INPUT_ONLY);
      Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
      child.awaitClosedByCore(STDIN);
      child.exits(0);
      call.result();
    }
    assertThat(opened.isClosed()).isTrue();
    assertThat(given.isClosed()).isFalse();
  }

  /** The source was only read, so a failed close loses nothing. */
  @Test
  void failedCloseOfTheSourceIsNotAnError() throws Exception {
    Source source = new Source().gives("all");
    Input input =
        Input.stream(
            () ->
                new FilterInputStream(source) {
                  @Override
                  public void close() {
                    throw new IllegalStateException("close");
                  }
                });
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
    child.awaitInput(3);
    child.exits(0);
    child.awaitStepWanting(); // nothing else will wake it
    source.ends();
    child.awaitClosedByCore(STDIN);
    call.result();
    assertThat(child.inputText()).isEqualTo("all");
  }

  @Test
  void unreadStreamCanBeUsedAgain() throws Exception {
    Input input = Input.stream(new ByteArrayInputStream("once".getBytes(UTF_8)));
    child();
    Popen<byte[]> closed = start(INPUT_ONLY);
    closed.stdin().close();
    assertThatIllegalStateException()
        .isThrownBy(() -> closed.communicate(input))
        .withMessageEndingWith("stdin was closed");
    ScriptedChild child = child().readsInput();
    Popen<byte[]> p = start(INPUT_ONLY);
    Call<Output<byte[]>> call = Call.of(() -> p.communicate(input));
    child.awaitClosedByCore(STDIN);
    child.exits(0);
    call.result();
    assertThat(child.inputText()).isEqualTo("once");
  }

  @Test
  void unusedOpenedStreamIsClosed() throws Exception {
    Source opened = new Source();
    Callable<Source> opens = () -> opened;
    child();
    Popen<byte[]> p = start(INPUT_ONLY);
    p.stdin().close();
    assertThatIllegalStateException().isThrownBy(() -> p.communicate(Input.stream(opens)));
    assertThat(opened.isClosed()).isTrue();
  }

  @Test
  void unopenableSourceChangesNothing() throws Exception {
    Callable<Source> opens =
        () -> {
          throw new Exception("no such thing");
        };
    ScriptedChild child = child().readsInput().exits(0);
    Popen<byte[]> p = start(INPUT_ONLY);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.communicate(Input.stream(opens)))
        .withMessage("the source of the input could not be opened")
        .withRootCauseInstanceOf(Exception.class);
    p.communicate("other");
    assertThat(child.inputText()).isEqualTo("other");
  }

  @Test
  void openingASourceCanBeInterrupted() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    Input stuck =
        Input.stream(
            () -> {
              new CountDownLatch(1).await();
              return InputStream.nullInputStream();
            });
    Call<Output<byte[]>> opening = Call.of(() -> p.communicate(stuck)).awaitParked();
    opening.interrupt();
    assertThat(opening.failure()).isInstanceOf(InterruptedException.class);
    child.readsInput().endsOutputs().exits(0);
    p.communicate("again");
    assertThat(child.inputText()).isEqualTo("again");
  }
}

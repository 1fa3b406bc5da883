package io.github.jpopen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Scanner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads with a time limit: whatever reads, a timeout loses nothing. */
class WithinTest extends ScriptedTest {
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Command<String> TEXT = PIPES.text();

  private interface Action {
    Object read(InputStream stream, BufferedReader reader) throws IOException;
  }

  /** Every way to read, what is too little for it, what is enough, and what it returns then. */
  @SuppressWarnings("ImmutableEnumChecker") // the actions have no state
  enum Read {
    BYTE("", "x", 120, (stream, _) -> stream.read()),
    ARRAY("", "xyz", 3, (stream, _) -> stream.read(new byte[10])),
    LONG_ARRAY("", "xyz", 3, (stream, _) -> stream.read(new byte[10_000])),
    N_BYTES("123", "4", "1234", (stream, _) -> new String(stream.readNBytes(4), UTF_8)),
    N_BYTES_INTO("123", "4", 4, (stream, _) -> stream.readNBytes(new byte[9], 2, 4)),
    CHARACTER("", "x", 120, (_, reader) -> reader.read()),
    HALF_A_CHARACTER("\u00e2\u0098", "\u0083", 0x2603, (_, reader) -> reader.read()),
    CHARACTERS("", "xyz", 3, (_, reader) -> reader.read(new char[10])),
    LINE("a li", "ne\n", "a line", (_, reader) -> reader.readLine()),
    LINES("a li", "ne\n", "a line", (_, reader) -> reader.lines().findFirst().orElseThrow());

    final String little;
    final String more;
    final Object result;
    private final Action action;

    Read(String little, String more, Object result, Action action) {
      this.little = little;
      this.more = more;
      this.result = result;
      this.action = action;
    }

    Object from(Popen<?> p, StreamName stream) throws IOException {
      boolean out = stream == StreamName.STDOUT;
      return action.read(out ? p.stdout() : p.stderr(), out ? p.stdoutReader() : p.stderrReader());
    }
  }

  /** Each character is one byte. */
  private static byte[] bytes(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void timeoutConsumesNothing(Read read) throws Exception {
    for (StreamName stream : StreamName.values()) {
      ScriptedChild child = child();
      write(child, stream, read.little);
      Popen<byte[]> p = start(PIPES);
      TimeoutExpiredException e = timedOut(() -> p.within(SHORT, () -> read.from(p, stream)));
      assertThat(e.timeout()).isEqualTo(SHORT);
      Captured captured = stream == StreamName.STDOUT ? e.stdout() : e.stderr();
      assertThat(captured.bytes()).isEqualTo(bytes(read.little));
      timedOut(() -> p.within(NONE, () -> read.from(p, stream)));
      write(child, stream, read.more + "rest");
      assertThat(p.<Object, IOException>within(LONG, () -> read.from(p, stream)))
          .isIn(read.result, more(read, 4));
      child.endsOutputs().exits(0);
      p.communicate();
    }
  }

  /** A read of an array takes what follows as well. */
  private static Object more(Read read, int rest) {
    boolean open = read == Read.ARRAY || read == Read.LONG_ARRAY || read == Read.CHARACTERS;
    return open ? (Integer) read.result + rest : read.result;
  }

  @ParameterizedTest
  @EnumSource
  void afterATimeoutCommunicateHasItAll(Read read) throws Exception {
    ScriptedChild child = child().stdout(bytes(read.little));
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.within(SHORT, () -> read.from(p, StreamName.STDOUT)));
    child.stdout(bytes(read.more)).endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo(bytes(read.little + read.more));
  }

  private static void write(ScriptedChild child, StreamName stream, String text) {
    if (stream == StreamName.STDOUT) {
      child.stdout(bytes(text));
    } else {
      child.stderr(bytes(text));
    }
  }

  @Test
  void allBytesComeTogetherOrNotAtAll() throws Exception {
    ScriptedChild child = child().stdout("some ");
    Popen<byte[]> p = start(PIPES);
    timedOut(() -> p.within(SHORT, () -> p.stdout().readAllBytes()));
    child.stdout("more").endsOutputs().exits(0);
    assertThat(p.<byte[], IOException>within(LONG, () -> p.stdout().readAllBytes()))
        .isEqualTo("some more".getBytes(UTF_8));
    assertThat(p.stdout().readNBytes(5)).isEmpty();
    assertThat(p.stdout().readNBytes(new byte[5], 0, 5)).isZero();
    assertThat(p.stdout().readAllBytes()).isEmpty();
  }

  @Test
  void endComesBeforeTheLimit() throws Exception {
    child().stdout("12").endsOutputs().exits(0);
    Popen<String> p = start(TEXT);
    assertThat(p.<byte[], IOException>within(LONG, () -> p.stdout().readNBytes(4))).hasSize(2);
    assertThat(p.<Integer, IOException>within(NONE, () -> p.stdout().read())).isEqualTo(-1);
    String line = p.within(NONE, () -> p.stdoutReader().readLine());
    assertThat(line).isNull();
  }

  @Test
  void limitOfZeroReadsWhatIsThere() throws Exception {
    ScriptedChild child = child().stdout("one\ntwo\nthr");
    Popen<String> p = start(TEXT);
    assertThat(p.<String, IOException>within(NONE, () -> p.stdoutReader().readLine()))
        .isEqualTo("one");
    StringBuilder lines = new StringBuilder();
    timedOut(
        () ->
            p.within(
                NONE,
                () -> {
                  while (true) {
                    lines.append(p.stdoutReader().readLine());
                  }
                }));
    assertThat(lines).hasToString("two");
    child.endsOutputs().exits(0);
    assertThat(p.communicate().stdout()).isEqualTo("thr");
  }

  /** It always has more, so no read ever waits. */
  @ParameterizedTest
  @EnumSource
  void endlessOutputCannotHideTheLimit(Read read) throws Exception {
    ScriptedChild child = child();
    AtomicBoolean endless = new AtomicBoolean(true);
    writesMore(child, endless);
    Popen<byte[]> p = start(PIPES);
    timedOut(
        () ->
            p.within(
                SHORT,
                () -> {
                  while (true) {
                    Object unused = read.from(p, StreamName.STDOUT);
                    assertThat(unused).isNotNull();
                  }
                }));
    endless.set(false);
    child.endsOutputs().exits(0);
    p.communicate();
  }

  private static void writesMore(ScriptedChild child, AtomicBoolean endless) {
    child.beforeAsking(
        () -> {
          if (endless.get()) {
            child.stdout("more\nmore\n");
            writesMore(child, endless);
          }
        });
  }

  @Test
  void whatWasWrittenIsSentFirst() throws Exception {
    ScriptedChild child = child().readsInput();
    Popen<String> p = start(TEXT);
    p.stdinWriter().write("question\n");
    Call<String> call = Call.of(() -> p.within(LONG, () -> p.stdoutReader().readLine()));
    child.awaitInput(9);
    child.stdout("answer\n");
    assertThat(call.result()).isEqualTo("answer");
  }

  @Test
  void parserOfTheUserIsLimitedAsWell() throws Exception {
    child().stdout("12 1");
    Popen<String> p = start(TEXT);
    Scanner scanner = new Scanner(p.stdoutReader());
    assertThat(p.<Integer, RuntimeException>within(LONG, scanner::nextInt)).isEqualTo(12);
    // It takes an exception for the end, and keeps it.
    int last =
        p.within(
            SHORT,
            () -> {
              try {
                return scanner.nextInt() + scanner.nextInt();
              } catch (NoSuchElementException e) {
                assertThat(scanner.ioException()).isInstanceOf(InterruptedIOException.class);
                return -1;
              }
            });
    assertThat(last).isEqualTo(-1);
  }

  /** It shows where in the code of the caller the time was up. */
  @Test
  void causeIsWhatWasThrownInside() throws Exception {
    child();
    Popen<String> p = start(TEXT);
    IllegalStateException wrapped = new IllegalStateException("what the user made of it");
    TimeoutExpiredException e =
        timedOut(
            () ->
                p.within(
                    SHORT,
                    () -> {
                      try {
                        return p.stdout().read();
                      } catch (InterruptedIOException passed) {
                        wrapped.initCause(new EOFException().initCause(passed));
                        throw wrapped;
                      }
                    }));
    assertThat(e).hasCause(wrapped);
    assertThat(wrapped).hasRootCauseInstanceOf(InterruptedIOException.class);
    e = timedOut(() -> p.within(SHORT, () -> p.stdout().read()));
    assertThat(e).hasCauseInstanceOf(InterruptedIOException.class);
    assertThat(Objects.requireNonNull(e.getCause()).getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(WithinTest.class.getName()));
  }

  @Test
  void otherExceptionsComeOutAsTheyAre() throws Exception {
    child();
    Popen<String> p = start(TEXT);
    EOFException checked = new EOFException();
    IllegalStateException circle = new IllegalStateException();
    circle.initCause(new IOException(circle));
    assertThatThrownBy(
            () ->
                p.within(
                    LONG,
                    () -> {
                      throw checked;
                    }))
        .isSameAs(checked);
    assertThatThrownBy(
            () ->
                p.within(
                    LONG,
                    () -> {
                      throw circle;
                    }))
        .isSameAs(circle);
  }

  // Several limits, threads and children.

  @Test
  void outerLimitThatIsEarlierCounts() throws Exception {
    child();
    Popen<String> p = start(TEXT);
    TimeoutExpiredException e =
        timedOut(() -> p.within(SHORT, () -> p.within(LONG, () -> p.stdout().read())));
    assertThat(e.timeout()).isEqualTo(SHORT);
    e = timedOut(() -> p.within(LONG, () -> p.within(SHORT, () -> p.stdout().read())));
    assertThat(e.timeout()).isEqualTo(SHORT);
    e = timedOut(() -> p.within(SHORT, () -> p.awaitLine(_ -> false, LONG)));
    assertThat(e.timeout()).isEqualTo(SHORT);
  }

  /** Both limits have passed. Each inner one would read what has come since the outer one. */
  @Test
  void limitsInsideCannotHideOneThatHasPassed() throws Exception {
    ScriptedChild child = child();
    AtomicBoolean endless = new AtomicBoolean(true);
    writesMore(child, endless);
    Popen<byte[]> p = start(PIPES);
    AtomicInteger reads = new AtomicInteger();
    TimeoutExpiredException e =
        timedOut(
            () ->
                p.within(
                    SHORT,
                    () -> {
                      while (reads.getAndIncrement() < 1_000_000) {
                        int unused = p.within(NONE, () -> p.stdout().read(new byte[1 << 16]));
                        assertThat(unused).isPositive();
                      }
                      return reads;
                    }));
    assertThat(e.timeout()).isEqualTo(SHORT);
    endless.set(false);
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE / 1_000_000_000 + 1, Long.MAX_VALUE})
  void limitOfAnyLength(long seconds) throws Exception {
    ScriptedChild child = child().stdout("x");
    Popen<byte[]> p = start(PIPES);
    Duration limit = Duration.ofSeconds(seconds);
    assertThat(p.<Integer, IOException>within(limit, () -> p.stdout().read())).isEqualTo('x');
    if (seconds <= 0) {
      TimeoutExpiredException e = timedOut(() -> p.within(limit, () -> p.stdout().read()));
      assertThat(e.timeout()).isEqualTo(limit);
      assertThat(e).hasMessageContaining(seconds + " seconds");
    } else {
      Call<Integer> call = Call.of(() -> p.within(limit, () -> p.stdout().read()));
      child.awaitStep();
      child.stdout("y");
      assertThat(call.result()).isEqualTo('y');
    }
    child.endsOutputs().exits(0);
    p.communicate();
  }

  @Test
  void innerTimeoutMayBeCaught() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(TEXT);
    int read =
        p.within(
            LONG,
            () -> {
              timedOut(() -> p.within(SHORT, () -> p.stdout().read()));
              child.stdout("x");
              return p.stdout().read();
            });
    assertThat(read).isEqualTo('x');
  }

  @Test
  void otherChildHasNoLimit() throws Exception {
    child();
    Popen<String> limited = start(TEXT);
    ScriptedChild other = child();
    Popen<String> free = start(TEXT);
    Call<Integer> call = Call.of(() -> limited.within(NONE, () -> free.stdout().read()));
    other.awaitStep();
    other.stdout("x");
    assertThat(call.result()).isEqualTo('x');
  }

  @Test
  void anotherReaderCannotHideTheLimit() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(TEXT);
    Call<String> reading = Call.of(() -> p.stdoutReader().readLine());
    child.awaitStep();
    timedOut(() -> p.within(SHORT, () -> p.stdoutReader().readLine()));
    child.stdout("line\n");
    assertThat(reading.result()).isEqualTo("line");
  }

  @Test
  void interruptConsumesNothing() throws Exception {
    for (Read read : Read.values()) {
      ScriptedChild child = child().stdout(bytes(read.little));
      Popen<byte[]> p = start(PIPES);
      AtomicBoolean flag = new AtomicBoolean();
      Call<Object> call =
          Call.of(
              () -> {
                try {
                  return p.within(LONG, () -> read.from(p, StreamName.STDOUT));
                } finally {
                  flag.set(Thread.interrupted());
                }
              });
      child.awaitStep();
      call.interrupt();
      assertThat(call.failure()).isInstanceOfAny(IOException.class, UncheckedIOException.class);
      assertThat(flag).isTrue();
      child.endsOutputs().exits(0);
      assertThat(p.communicate().stdout()).isEqualTo(bytes(read.little));
    }
  }

  // Afterwards.

  @Test
  void closeAfterATimeoutKills() throws Exception {
    ScriptedChild child = child();
    Popen<String> p = start(TEXT);
    timedOut(() -> p.within(SHORT, () -> p.stdout().read()));
    child.onSignal(number -> child.endsOutputs().exits(0));
    p.close();
    assertThat(child.signals()).contains(9);
  }

  @Test
  void limitEndsWithTheCall() throws Exception {
    ScriptedChild child = child().stdout("x");
    Popen<String> p = start(TEXT);
    assertThat(p.<Integer, IOException>within(NONE, () -> p.stdout().read())).isEqualTo('x');
    Call<Integer> call = Call.of(() -> p.stdout().read());
    child.awaitStep();
    child.stdout("y");
    assertThat(call.result()).isEqualTo('y');
  }

  @Test
  void afterCommunicateThereIsNothingToRead() throws Exception {
    child().endsOutputs().exits(0);
    Popen<String> p = start(TEXT);
    InputStream stdout = p.stdout();
    p.communicate();
    assertThatIllegalStateException().isThrownBy(() -> p.within(LONG, stdout::read));
    assertThatIllegalStateException().isThrownBy(() -> p.within(LONG, () -> stdout.readNBytes(0)));
  }

  @Test
  void closedStreamThrows() throws Exception {
    child().stdout("12");
    Popen<String> p = start(TEXT);
    InputStream stdout = p.stdout();
    stdout.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> p.within(LONG, () -> Arrays.toString(stdout.readNBytes(2))));
    assertThatExceptionOfType(IOException.class).isThrownBy(stdout::readAllBytes);
  }

  @Test
  @SuppressWarnings("NullAway") // what should not be given
  void nullIsRefused() throws Exception {
    child();
    Popen<String> p = start(TEXT);
    assertThatNullPointerException().isThrownBy(() -> p.within(null, () -> 1));
    assertThatNullPointerException().isThrownBy(() -> p.within(LONG, null));
    assertThatThrownBy(() -> p.stdout().readNBytes(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the length -1 is negative");
  }
}

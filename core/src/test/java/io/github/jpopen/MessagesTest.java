package io.github.jpopen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.ExitStatus.Exited;
import io.github.jpopen.ExitStatus.Signaled;
import io.github.jpopen.ExitStatus.Unknown;
import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages and the contents of the exceptions. */
class MessagesTest extends ScriptedTest {
  private static final String ME = MessagesTest.class.getName();

  private static final CommandLabel LABEL = new CommandLabel("x", "x", List.of("x"), true);

  private static CalledProcessException called(ExitStatus status) {
    return new CalledProcessException(LABEL, status, Captured.NOTHING, Captured.NOTHING);
  }

  private static TimeoutExpiredException timedOutAfter(Duration timeout) {
    return new TimeoutExpiredException(
        LABEL,
        TimeoutExpiredException.Limit.TOTAL,
        timeout,
        new Progress(null, 0, Set.of(), Map::of),
        Captured.NOTHING,
        Captured.NOTHING);
  }

  @Test
  void failedCheckHasAMessage() {
    assertThat(called(new Exited(3))).hasMessage("command \"x\" returned exit status 3");
    assertThat(called(new Exited(0xC0000005)))
        .hasMessage("command \"x\" returned exit status -1073741819");
    assertThat(called(new Signaled(Signal.SIGKILL, false)))
        .hasMessage("command \"x\" was killed by SIGKILL (9)");
    assertThat(called(new Signaled(Signal.of(33), false)))
        .hasMessage("command \"x\" was killed by unknown signal 33");
    assertThat(called(new Unknown())).hasMessage("command \"x\" ended with an unknown status");
  }

  @Test
  void failedCheckHasTheReturncode() {
    assertThat(called(new Signaled(Signal.SIGTERM, false)).returncode()).isEqualTo(-15);
    assertThat(called(new Unknown()).returncode()).isEqualTo(ExitStatus.UNKNOWN_RETURNCODE);
    assertThat(called(new Exited(3)).program()).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0",
    "PT5S, 5",
    "PT10S, 10",
    "PT0.0001S, 0.0001",
    "PT1.5S, 1.5",
    "PT-1S, -1",
    "PT-1.5S, -1.5",
    "PT0.000000001S, 0.000000001",
    "PT20M, 1200",
    "PT2562047788015215H30M7.999999999S, 9223372036854775807.999999999"
  })
  void timeoutIsShownInSeconds(Duration timeout, String seconds) {
    assertThat(timedOutAfter(timeout))
        .hasMessage("command \"x\" timed out after %s seconds", seconds);
  }

  @Test
  void oneSecondIsSingular() {
    Duration timeout = Duration.ofSeconds(1);
    assertThat(timedOutAfter(timeout)).hasMessage("command \"x\" timed out after 1 second");
  }

  @Test
  void numbersInMessagesAreTheSameInEveryLocale() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      child().stdout(new byte[] {'a', 'b', -1}).endsOutputs().exits(0);
      assertThatExceptionOfType(SubprocessException.class)
          .isThrownBy(() -> PIPES.stdin(Redirect.INHERIT).text().run())
          .withMessageEndingWith("byte 0xff at position 2 cannot be decoded as UTF-8");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void serializedExceptionsHoldNoOutput() throws Exception {
    child().stdout("big").endsOutputs().exits(2);
    CompletedProcess<byte[]> completed = PIPES.stdin(Redirect.INHERIT).run();
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, completed::checkReturncode);
    assertThat(e.stdout().bytes()).asString().isEqualTo("big");
    CalledProcessException copy = copy(e);
    assertThat(copy).hasMessage(e.getMessage());
    assertThat(copy.returncode()).isEqualTo(2);
    assertThat(copy.status()).isEqualTo(new Unknown());
    assertThat(copy.stdout().isCaptured()).isFalse();
    assertThat(copy.stdout().bytes()).isEmpty();
    assertThat(copy.stderr().text()).isEmpty();
    Duration timeout = Duration.ofSeconds(3);
    assertThat(copy(timedOutAfter(timeout)).timeout()).isEqualTo(timeout);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Exception> E copy(E exception) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(exception);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (E) in.readObject();
    }
  }

  @Test
  void capturedOutputCanBeReadInManyWays() throws Exception {
    child().stdout("ä\r\n").endsOutputs().exits(1);
    CompletedProcess<byte[]> completed = PIPES.stdin(Redirect.INHERIT).run();
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, completed::checkReturncode);
    Captured captured = e.stdout();
    assertThat(captured.isCaptured()).isTrue();
    assertThat(captured.size()).isEqualTo(4);
    assertThat(captured.text()).isEqualTo("ä\n");
    assertThat(captured.text(ISO_8859_1)).isEqualTo("Ã¤\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    captured.writeTo(out);
    assertThat(out.toString(UTF_8)).isEqualTo("ä\r\n");
    assertThat(captured).hasToString("4 bytes");
    IOException full = new IOException("disk full");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                captured.writeTo(
                    new OutputStream() {
                      @Override
                      public void write(int b) throws IOException {
                        throw full;
                      }
                    }))
        .isSameAs(full);
  }

  @Test
  void refusedStartIsThrownByStart() {
    SpawnRefused refusal =
        new SpawnRefused("x", "no", SpawnRefused.Culprit.REDIRECT, "openat", 2, "ENOENT");
    refusal.setStackTrace(new StackTraceElement[0]); // of another thread, perhaps
    refuseNextStart(refusal);
    SpawnException e = catchThrowableOfType(SpawnException.class, PIPES::start);
    assertThat(e).hasMessage("no").hasCause(refusal);
    assertThat(e.getStackTrace()).extracting(StackTraceElement::getClassName).contains(ME);
    assertThat(e.culprit()).isEqualTo(SpawnException.Culprit.REDIRECT);
    assertThat(e.call()).isEqualTo("openat");
    assertThat(e.errorCode()).isEqualTo(2);
    assertThat(e.errorName()).isEqualTo("ENOENT");
    assertThat(e.program()).isEqualTo("fake");
    assertThat(e.args()).containsExactly("fake");
    assertThat(e.stdout().isCaptured()).isFalse();
  }

  @Test
  void namesCannotMoveTheCursor() {
    String name = "a\u001b[2Jb\nc";
    Command<byte[]> named = Command.of("fake").named(name);
    child().endsOutputs().exits(3);
    assertThatThrownBy(() -> named.check().run())
        .hasMessage("command \"a\\u001b[2Jb\\u000ac\" returned exit status 3");
    child();
    assertThatThrownBy(() -> named.timeout(Duration.ofMillis(1)).run())
        .hasMessage("command \"a\\u001b[2Jb\\u000ac\" timed out after 0.001 seconds");
    refuseNextStart(
        new SpawnRefused(
            name,
            "not found: \"" + name + '"',
            SpawnRefused.Culprit.PROGRAM,
            "spawn",
            2,
            "ENOENT"));
    assertThatThrownBy(Command.of(name)::run)
        .hasMessage("not found: \"a\\u001b[2Jb\\u000ac\"")
        .satisfies(e -> assertThat(trace(e)).doesNotContain("\u001b", "b\nc"))
        .isInstanceOfSatisfying(SpawnException.class, e -> assertThat(e.program()).isEqualTo(name));
  }

  @Test
  void descriptionsCannotMoveTheCursor() throws Exception {
    Command<byte[]> plain = Command.of("fake").named("a\u001b[2Jb\nc");
    Pipeline<byte[]> pipeline = Pipeline.of(plain, plain);
    assertThat(plain).hasToString("Command[a\\u001b[2Jb\\u000ac, 0 arguments]");
    assertThat(Command.of("a\nb")).hasToString("Command[a\\u000ab, 0 arguments]");
    assertThat(pipeline)
        .hasToString("Pipeline[a\\u001b[2Jb\\u000ac | a\\u001b[2Jb\\u000ac]")
        .extracting(p -> p.named("x\ny"))
        .hasToString("Pipeline[x\\u000ay]");
    child().endsOutputs().exits(0);
    Popen<byte[]> p = start(plain);
    assertThat(p).asString().startsWith("Popen[a\\u001b[2Jb\\u000ac, pid ");
    p.waitFor();
    child().endsOutputs().exits(0);
    assertThat(plain.run()).asString().startsWith("CompletedProcess[a\\u001b[2Jb\\u000ac, ");
  }

  /** The name is part of a message, and not each place where the message has the same letters. */
  @Test
  void aNameLikeAWordOfTheMessageChangesNothingElse() {
    child().endsOutputs().exits(3);
    assertThatThrownBy(() -> Command.of("fake").named("\t").check().run())
        .hasMessage("command \" \" returned exit status 3");
  }

  @Test
  void everyCulpritOfTheSeamIsInTheApi() {
    for (SpawnRefused.Culprit culprit : SpawnRefused.Culprit.values()) {
      SpawnException e = new SpawnException(LABEL, new SpawnRefused("x", "no", culprit, "", 0, ""));
      assertThat(e.culprit()).hasToString(culprit.name());
    }
    assertThat(SpawnException.Culprit.values()).hasSameSizeAs(SpawnRefused.Culprit.values());
  }

  /** What a log shows of an exception. */
  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }
}

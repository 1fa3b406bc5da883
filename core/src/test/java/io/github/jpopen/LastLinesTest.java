package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.scripted.ScriptedTest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The last lines of stderr in the messages of failures. */
class LastLinesTest extends ScriptedTest {
  private static final Command<byte[]> CAPTURED = Command.of("fake").captureOutput();
  private static final String FAILED = "command \"fake\" returned exit status 1";
  private static final String WROTE = ", and wrote to stderr:";

  private String message(Command<?> command, byte[] stderr) {
    child().stdout("even").stderr(stderr).endsOutputs().exits(1);
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, () -> command.check().run());
    return String.valueOf(e.getMessage());
  }

  private String message(String stderr) {
    return message(CAPTURED, stderr.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void failedCheckEndsWithThem() {
    assertThat(message("fatal: no\n")).isEqualTo(FAILED + WROTE + "\n  fatal: no");
    assertThat(message("a\r\nb\n\n")).isEqualTo(FAILED + WROTE + "\n  a\n  b");
    assertThat(message("")).isEqualTo(FAILED);
    assertThat(message(" \n ")).isEqualTo(FAILED);
  }

  @Test
  void timeoutEndsWithThem() throws Exception {
    child().stderr("stuck at 3\n");
    Popen<byte[]> p = start(PIPES);
    TimeoutExpiredException e = timedOut(() -> p.communicate(NONE));
    assertThat(e)
        .hasMessage("command \"fake\" timed out after 0 seconds" + WROTE + "\n  stuck at 3");
  }

  @Test
  void onlyTheLastOfManyAreShown() {
    String lines =
        IntStream.range(0, 50).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    String last =
        IntStream.range(40, 50).mapToObj(i -> "\n  line " + i).collect(Collectors.joining());
    assertThat(message(lines)).isEqualTo(FAILED + WROTE + "\n  ..." + last);
    assertThat(message("x".repeat(1 << 20) + "end"))
        .hasSize(FAILED.length() + WROTE.length() + "\n  ...\n  ".length() + 2_000)
        .endsWith("xend");
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(message("a\u001b[2Jb\u0007\u202ec\u0085\td\u0000"))
        .isEqualTo(FAILED + WROTE + "\n  a\\u001b[2Jb\\u0007\\u202ec\\u0085 d\\u0000");
  }

  @Test
  void theyAreDecodedAsTheOutputIs() {
    byte[] latin = {'f', (byte) 0xfc, 'r', '\n'};
    assertThat(message(CAPTURED, latin)).endsWith("\n  f\ufffdr");
    assertThat(message(CAPTURED.text(StandardCharsets.ISO_8859_1), latin)).endsWith("\n  f\u00fcr");
    Charset wide = Charset.forName("UTF-16LE");
    assertThat(message(CAPTURED.text(wide), ("x".repeat(300_000) + "\nend").getBytes(wide)))
        .endsWith("x\n  end");
  }

  @Test
  void theyCanBeTurnedOff() {
    Command<byte[]> quiet = CAPTURED.stderrInMessages(false);
    assertThat(message(quiet, new byte[] {'x'})).isEqualTo(FAILED);
    assertThat(message(quiet.stderrInMessages(true), new byte[] {'x'})).endsWith("\n  x");
  }
}

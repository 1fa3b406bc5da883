package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRefused;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** How a command is shown to people: quoted, with its name, and without its secrets. */
class CommandDisplayTest extends ScriptedTest {
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the line is for sh")
  @Covers("shlex.join")
  void lineIsQuotedForSh() {
    assertThat(Command.of("git", "log", "-1", "--format=%h %s").toCommandLine())
        .isEqualTo("git log -1 '--format=%h %s'");
    assertThat(Command.of("a", "", "it's", "$HOME", "~", "*", "a\\b").toCommandLine())
        .isEqualTo("a '' 'it'\\''s' '$HOME' '~' '*' 'a\\b'");
    assertThat(Command.of("A=b", "A=b").toCommandLine()).isEqualTo("'A=b' A=b");
    assertThat(Command.of("if", "if").toCommandLine()).isEqualTo("'if' if");
    assertThat(Command.of("a", "x\ny\u202e", "\u001b[2J").toCommandLine())
        .isEqualTo("a $'x\\012y\\342\\200\\256' $'\\033[2J'");
    assertThat(Command.of("a").rawArg(new byte[] {'x', -1}).toCommandLine())
        .isEqualTo("a $'x\\377'");
    assertThat(Command.shell("a | b", "zero", "one two").toCommandLine())
        .isEqualTo("/bin/sh -c 'a | b' zero 'one two'");
    assertThat(Command.shell("-x").toCommandLine()).isEqualTo("/bin/sh -c -- -x");
    assertThat(Command.shell("-x").executable(Path.of("/bin/other")).toCommandLine())
        .isEqualTo("/bin/other -c -x");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the line is for sh")
  void shellReadsTheLineBack() throws Exception {
    Random random = new Random(1);
    String letters = "aZ9 \t\n\r'\"\\$`!*?[]{}()<>|&;#~=%^\u001b\u007f\u00e9\u2028\ud83d\ude00";
    int[] all = letters.codePoints().toArray();
    List<String> printf = new ArrayList<>(List.of("printf", "%s\\0"));
    for (int i = 0; i < 300; i++) {
      StringBuilder word = new StringBuilder();
      for (int k = random.nextInt(6); k >= 0; k--) {
        word.appendCodePoint(all[random.nextInt(all.length)]);
      }
      printf.add(word.toString());
    }
    Process bash = new ProcessBuilder("bash", "-c", Command.of(printf).toCommandLine()).start();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(List.of(output.split("\0", -1)))
        .startsWith(printf.subList(2, printf.size()).toArray(String[]::new));
  }

  @Test
  void secretIsShownNowhere() throws Exception {
    Command<byte[]> login = Command.of("login", "-u", "me").secretArg("hunter2").args("end");
    assertThat(login.argv()).containsExactly("login", "-u", "me", "***", "end");
    assertThat(login.toCommandLine()).isEqualTo("login -u me *** end");
    assertThat(login.toString()).doesNotContain("hunter2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> login.secretArg("a\0b"))
        .withMessage("command[5] contains NUL at index 1");
    child().exits(3);
    CompletedProcess<byte[]> done = login.run();
    assertThat(done.args()).containsExactly("login", "-u", "me", "***", "end");
    assertThat(done.toString()).doesNotContain("hunter2");
  }

  @Test
  void nameReplacesTheProgramInMessages() throws Exception {
    Command<byte[]> backup = Command.of("rsync", "a", "b").named("nightly backup");
    assertThat(backup).hasToString("Command[nightly backup, 2 arguments]");
    child().exits(3);
    CompletedProcess<byte[]> done = backup.run();
    assertThat(done.toString()).startsWith("CompletedProcess[nightly backup, ");
    child().exits(3);
    CalledProcessException e = called(backup);
    assertThat(e).hasMessage("command \"nightly backup\" returned exit status 3");
    assertThat(e.program()).isEqualTo("rsync");
    assertThat(e.args()).containsExactly("rsync", "a", "b");
    assertThatIllegalArgumentException().isThrownBy(() -> backup.named(""));
  }

  @Test
  void nameIsInTheMessageOfAFailedStart() {
    Command<byte[]> plain = Command.of("rsync", "a", "b");
    Command<byte[]> backup = plain.named("nightly backup");
    assertThat(refused(plain::start)).hasMessage("not found: \"rsync\"");
    assertThat(refused(backup::start)).hasMessage("\"nightly backup\": not found: \"rsync\"");
    assertThat(refused(Pipeline.of(backup, plain)::start))
        .hasMessage("stage 1 of 2 (\"nightly backup\"): not found: \"rsync\"");
    assertThat(refused(backup::startDetached).program()).isEqualTo("rsync");
  }

  private SpawnException refused(ThrowingCallable start) {
    refuseNextStart(
        new SpawnRefused(
            "rsync", "not found: \"rsync\"", SpawnRefused.Culprit.PROGRAM, "execve", 2, "ENOENT"));
    return catchThrowableOfType(SpawnException.class, start);
  }

  private static CalledProcessException called(Command<?> command) {
    try {
      int code = command.checkCall();
      throw new AssertionError("it returned " + code);
    } catch (CalledProcessException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

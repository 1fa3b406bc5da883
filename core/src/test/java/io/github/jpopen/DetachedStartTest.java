package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.scripted.LogWatch;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A child that outlives this process, and of which nothing is kept. */
class DetachedStartTest extends ScriptedTest {
  private static final Command<byte[]> FAKE = Command.of("fake");

  @Test
  void childIsGivenBackAtOnce() throws Exception {
    ScriptedChild child = child();
    try (LogWatch log = new LogWatch("io.github.jpopen")) {
      assertThat(FAKE.startDetached()).isEqualTo(child.pid());
      assertThat(child.closes()).isEqualTo(1);
      assertThat(child.signals()).isEmpty();
      assertThat(child.steps()).isEmpty();
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no sessions of this kind")
  void childHasNoStreamOfOursAndASessionOfItsOwn() throws Exception {
    ScriptedChild child = child();
    FAKE.stdout(Redirect.to(Path.of("log"))).startDetached();
    SpawnRequest request = Objects.requireNonNull(child.request());
    assertThat(request.stdin()).isEqualTo(new SpawnRequest.Null());
    assertThat(request.stdout()).isInstanceOf(SpawnRequest.File.class);
    assertThat(request.stderr()).isEqualTo(new SpawnRequest.Null());
    assertThat(request.posix().newSession()).isTrue();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no sessions of this kind")
  void leaderOfASessionNeedsNoGroupOfItsOwn() throws Exception {
    ScriptedChild child = child();
    FAKE.posix(o -> o.processGroup(0)).startDetached();
    assertThat(Objects.requireNonNull(child.request()).posix().processGroup()).isEmpty();
    ScriptedChild other = child();
    FAKE.posix(o -> o.processGroup(7)).startDetached(); // refused by the system
    assertThat(Objects.requireNonNull(other.request()).posix().processGroup()).hasValue(7);
  }

  static Stream<Named<UnaryOperator<Command<byte[]>>>> useless() {
    return Stream.of(
        Named.of("stdin", c -> c.stdin(Redirect.PIPE)),
        Named.of("stdout", c -> c.stdout(Redirect.PIPE)),
        Named.of("stderr", c -> c.stderr(Redirect.PIPE)),
        Named.of("captureOutput", Command::captureOutput),
        Named.of("input", c -> c.input("x")),
        Named.of("timeout", c -> c.timeout(Duration.ofSeconds(1))),
        Named.of("check", Command::check),
        Named.of("killOnClose", Command::killOnClose),
        Named.of("killOnExit", Command::killOnExit),
        Named.of("killTree", Command::killTree));
  }

  @ParameterizedTest
  @MethodSource("useless")
  void whatWouldBeIgnoredIsRefused(UnaryOperator<Command<byte[]>> option) {
    assertThatIllegalStateException().isThrownBy(() -> option.apply(FAKE).startDetached());
  }

  @Test
  void refusedStartIsThrown() {
    refuseNextStart(
        new SpawnRefused("fake", "no", SpawnRefused.Culprit.PROGRAM, "execve", 2, "ENOENT"));
    assertThatExceptionOfType(SpawnException.class).isThrownBy(FAKE::startDetached);
  }
}

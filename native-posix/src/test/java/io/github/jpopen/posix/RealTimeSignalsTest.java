package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.ExitStatus;
import io.github.jpopen.Popen;
import io.github.jpopen.Signal;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealTimeSignalsTest extends PosixTest {
  @BeforeEach
  void onLinux() {
    notLikeMac("there are no real-time signals");
  }

  private int first() {
    return platform.signalNumber("SIGRTMIN").orElseThrow();
  }

  @Test
  void firstAndLastSignalHaveNames() {
    assertThat(first()).isBetween(34, 35); // glibc, musl
    assertThat(platform.signalNumber("SIGRTMAX")).hasValue(64);
    assertThat(platform.signalName(first())).hasValue("SIGRTMIN");
    assertThat(platform.signalName(64)).hasValue("SIGRTMAX");
    assertThat(Signal.of(first())).isEqualTo(Signal.of("SIGRTMIN")).hasToString("SIGRTMIN");
    assertThat(Signal.of("SIG" + first())).isEqualTo(Signal.of(first()));
    assertThat(Signal.of("SIGRTMAX").number()).isEqualTo(64);
  }

  @Test
  void otherSignalsCountFromTheFirstOrTheLast() {
    for (int number = first(); number <= 64; number++) {
      String up = "SIGRTMIN+" + (number - first());
      String down = "SIGRTMAX-" + (64 - number);
      assertThat(platform.signalNumber(up)).as(up).hasValue(number);
      assertThat(platform.signalNumber(down)).as(down).hasValue(number);
      assertThat(Signal.of(up)).isEqualTo(Signal.of(number)).isEqualTo(Signal.of(down));
    }
    for (int number : new int[] {32, 33, first() + 1, 50, 63, 65}) {
      assertThat(platform.signalName(number)).as("" + number).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SIGRTMIN-1",
        "SIGRTMIN+31",
        "SIGRTMAX+1",
        "SIGRTMAX-31",
        "SIGRTMIN+01",
        "SIGRTMIN+",
        "SIGRTMIN+-1",
        "SIGRTMAX-",
        "SIGRT",
        "SIGRTMIN+x",
        "SIGRTMIN+99999999999",
        "RTMIN"
      })
  void invalidNameIsUnknown(String name) {
    assertThat(platform.signalNumber(name)).isEqualTo(OptionalInt.empty());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(Signal.of(name)::number)
        .withMessage(
            "this system has no signal "
                + name
                + (name.equals("RTMIN") ? ": it is called SIGRTMIN" : ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGRTMIN", "SIGRTMIN+6", "SIGRTMAX-1", "SIGRTMAX", "SIG40"})
  void realTimeSignalEndsAChild(String name) throws Exception {
    Signal signal = Signal.of(name);
    Command<byte[]> command = Command.of("sleep", "100").killOnClose();
    try (Popen<byte[]> child = command.start()) {
      assertThat(child.sendSignal(signal)).isTrue();
      assertThat(child.waitFor()).isEqualTo(-signal.number());
      assertThat(child.status()).isEqualTo(new ExitStatus.Signaled(signal, false));
    }
  }

  @Test
  void systemWithoutThemHasNoNames() {
    faults.failAlways("firstRealTimeSignal", HOST.constants().ENOSYS());
    for (String name : new String[] {"SIGRTMIN", "SIGRTMAX", "SIGRTMIN+1", "SIGRTMIN+0"}) {
      assertThat(platform.signalNumber(name)).as(name).isEmpty();
    }
    for (int number = 0; number <= 64; number++) {
      assertThat(platform.signalName(number).orElse("")).doesNotStartWith("SIGRT");
    }
  }

  @Test
  void messageNamesFirstAndLastSignal() {
    assertThat(end("SIGRTMIN")).endsWith("was killed by SIGRTMIN (" + first() + ")");
    assertThat(end("SIGRTMAX")).endsWith("was killed by SIGRTMAX (64)");
    assertThat(end("SIGRTMAX-1")).endsWith("was killed by unknown signal 63");
  }

  private static String end(String name) {
    String script = "kill -" + Signal.of(name).number() + " $$";
    CalledProcessException e =
        catchThrowableOfType(CalledProcessException.class, Command.shell(script)::checkCall);
    return String.valueOf(e.getMessage());
  }
}

package io.github.jpopen.posix.constants;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.ffi.macos.LibC;
import io.github.jpopen.posix.ffi.macos.pollfd;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of macOS are those of its headers; pure arithmetic, so on every host. */
class MacConstantsTest {
  private static final PortableConstants N = new MacConstants();

  private static Stream<String> constants(String prefix) {
    return Arrays.stream(LibC.class.getMethods())
        .filter(method -> method.getName().matches(prefix + "[A-Z0-9]+"))
        .filter(method -> method.getReturnType() == int.class && method.getParameterCount() == 0)
        .map(java.lang.reflect.Method::getName);
  }

  private static Object value(String name) {
    try {
      return LibC.class.getMethod(name).invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  @Test
  void everyErrorHasAName() {
    List<String> names = constants("E").filter(name -> !name.equals("ECHO")).toList();
    assertThat(names).hasSizeGreaterThan(100);
    for (String name : names) {
      assertThat(value(N.errorName((int) value(name)))).as(name).isEqualTo(value(name));
    }
    assertThat(N.errorName(35)).isEqualTo("EAGAIN");
    assertThat(N.errorName(78)).isEqualTo("ENOSYS");
    assertThat(N.errorName(86)).isEqualTo("EBADARCH");
    assertThat(N.errorName(9999)).isEqualTo("9999");
    assertThat(N.errorName(0)).isEqualTo("0");
  }

  @Test
  void everySignalHasANameAndNumber() {
    List<String> names = constants("SIG").toList();
    assertThat(names).hasSizeGreaterThan(30);
    for (String name : names) {
      assertThat(N.signalNumber(name)).as(name).hasValue((int) value(name));
    }
    assertThat(N.signalName(6)).isEqualTo("SIGABRT");
    assertThat(N.signalName(10)).isEqualTo("SIGBUS");
    assertThat(N.signalName(20)).isEqualTo("SIGCHLD");
    assertThat(N.signalName(31)).isEqualTo("SIGUSR2");
    assertThat(N.signalName(32)).isNull();
    assertThat(N.signalName(0)).isNull();
    assertThat(N.signalNumber("SIGPWR")).isEmpty();
  }

  @Test
  void numbersEqualTheHeaders() throws Exception {
    for (var method : PortableConstants.class.getMethods()) {
      String name = method.getName();
      if (name.matches("[A-Z0-9_]+") && !name.equals("P_PIDFD")) {
        assertThat(wide(method.invoke(N))).as(name).isEqualTo(wide(value(name)));
      }
    }
  }

  /** FIONREAD is a long in the headers. */
  private static Object wide(Object constant) {
    return constant instanceof Integer number ? (Object) number.longValue() : constant;
  }

  @Test
  void layoutsEqualTheHeaders() {
    assertThat(N.sizeOfSignalSet()).isEqualTo(4);
    assertThat(N.sizeOfSigInfo()).isEqualTo(104);
    assertThat(N.offsetOfCode()).isEqualTo(8);
    assertThat(N.offsetOfPid()).isEqualTo(12);
    assertThat(N.offsetOfStatus()).isEqualTo(20);
    assertThat(N.sizeOfSigAction()).isEqualTo(16);
    assertThat(N.offsetOfHandler()).isZero();
    assertThat(N.offsetOfFlags()).isEqualTo(12);
    assertThat(N.sizeOfSpawnActions()).isEqualTo(8);
    assertThat(N.sizeOfSpawnAttributes()).isEqualTo(8);
    assertThat(pollfd.sizeof()).isEqualTo(8);
    assertThat(pollfd.fd$offset()).isZero();
    assertThat(pollfd.events$offset()).isEqualTo(4);
    assertThat(pollfd.revents$offset()).isEqualTo(6);
  }
}

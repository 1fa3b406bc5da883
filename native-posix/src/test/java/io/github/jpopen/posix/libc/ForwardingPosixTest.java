package io.github.jpopen.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.constants.MacConstants;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** javac does not report a call with a default body that {@link ForwardingPosix} forgets. */
class ForwardingPosixTest {
  /** What the wrapped implementation was asked for. */
  private record Call(Method method, List<Object> arguments) {}

  private final List<Call> made = new ArrayList<>();

  static Stream<Method> calls() {
    return Stream.of(Posix.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("calls")
  void everyCallIsForwardedUnchanged(Method method) throws Exception {
    Object result = value(method.getReturnType(), 4711);
    Posix wrapped = answering(result);
    List<Object> arguments = new ArrayList<>();
    for (Class<?> type : method.getParameterTypes()) {
      arguments.add(value(type, arguments.size() + 1));
    }
    ForwardingPosix forwarding = new ForwardingPosix(wrapped) {};
    assertThat(method.invoke(forwarding, arguments.toArray())).isEqualTo(result);
    assertThat(made).containsExactly(new Call(method, arguments));
  }

  private Posix answering(Object result) {
    return (Posix)
        Proxy.newProxyInstance(
            Posix.class.getClassLoader(),
            new Class<?>[] {Posix.class},
            (_, method, arguments) -> {
              made.add(new Call(method, arguments == null ? List.of() : List.of(arguments)));
              return result;
            });
  }

  private static Object value(Class<?> type, int number) {
    if (type == int.class) {
      return number;
    } else if (type == long.class) {
      return (long) number;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class) {
      return Integer.toString(number);
    } else if (type == MemorySegment.class) {
      return MemorySegment.ofAddress(number);
    } else if (type == ProcessNumber.class) {
      return new ProcessNumber(number);
    } else if (type == PollSet.class) {
      return new PollSet(number);
    } else if (type == ReadyTokens.class) {
      return new ReadyTokens(java.time.Duration.ZERO);
    } else if (type == Posix.Access.class) {
      return Posix.Access.APPEND;
    }
    return new MacConstants();
  }
}

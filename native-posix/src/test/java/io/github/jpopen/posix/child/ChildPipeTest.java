package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.StreamKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code poll} may report for an input with nothing to send: Linux and macOS differ. */
class ChildPipeTest extends PosixTest {
  private static final PosixConstants N = HOST.constants();

  /** Wants nothing, and notes what happened. */
  private static ChildEvents idle(List<String> happened) {
    return (ChildEvents)
        Proxy.newProxyInstance(
            ChildEvents.class.getClassLoader(),
            new Class<?>[] {ChildEvents.class},
            (proxy, method, arguments) -> {
              if (method.getReturnType() == boolean.class) {
                return false;
              }
              happened.add(method.getName());
              return null;
            });
  }

  @Test
  void errorAndHangUpRefuseTheInput() {
    ChildServices runtime = new ChildServices(HOST, true, true, java.time.Duration.ofSeconds(10));
    for (int bits : new int[] {N.POLLERR(), N.POLLHUP(), N.POLLHUP() | N.POLLOUT()}) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment ends = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
        assertThat(HOST.pipe(ends)).isZero();
        int writing = ends.get(ValueLayout.JAVA_INT, Integer.BYTES);
        ChildPipe pipe = new ChildPipe(runtime, StreamKind.STDIN, writing, false);
        assertThat(pipe.idleEvents()).isEqualTo(N.POLLHUP());
        List<String> happened = new ArrayList<>();
        pipe.happened(bits, idle(happened));
        assertThat(happened).containsExactly("inputRefused");
        assertThat(pipe.isOpen()).isFalse();
        assertThat(HOST.close(ends.get(ValueLayout.JAVA_INT, 0))).isZero();
      }
    }
  }
}

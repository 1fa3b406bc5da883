package io.github.jpopen.windows.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.child.PipeEnd;
import io.github.jpopen.windows.child.ReadEnd;
import io.github.jpopen.windows.child.StepSignal;
import io.github.jpopen.windows.child.TransferBuffers;
import io.github.jpopen.windows.child.WriteEnd;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32.PipeUse;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.WINDOWS)
class PipesTest {
  private static final int CANCELS = 500;
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private final NativeWin32 win32 = new NativeWin32();
  private PortThread port;

  @BeforeEach
  void startPort() throws Win32Exception {
    port = PortThread.start(win32, Duration.ofMillis(100));
  }

  @AfterEach
  void leavePort() {
    port.leave();
  }

  @Test
  void everyCancelledOperationGetsItsPacket() throws Exception {
    TransferBuffers buffers = new TransferBuffers(true, 2 * CANCELS, 2 * CANCELS);
    Pipes pipes = new Pipes(win32, true);
    PipeEvents events = new PipeEvents();
    for (int i = 0; i < CANCELS; i++) {
      StreamKind kind = i % 2 == 0 ? StreamKind.STDOUT : StreamKind.STDIN;
      Pipes.Ends ends = pipes.open(port, kind != StreamKind.STDIN);
      StepSignal signal = new StepSignal();
      PipeEnd pipe =
          kind == StreamKind.STDIN
              ? new WriteEnd(port, buffers, signal, ends.ours())
              : new ReadEnd(port, buffers, signal, kind, ends.ours());
      port.bind(ends.ours(), pipe.key());
      pipe.own();
      // A write is in flight once the pipe is full; a read is at once.
      for (int n = 0; n < 4; n++) {
        pipe.move(events, Long.MAX_VALUE);
        flush();
      }
      pipe.close();
      flush();
      assertThat(win32.closeHandle(ends.child())).isZero();
    }
    long start = System.nanoTime();
    while (port.counts()[0] != port.counts()[1] && System.nanoTime() - start < LIMIT_NANOS) {
      LockSupport.parkNanos(1_000_000);
    }
    long[] counts = port.counts();
    System.out.println(
        "windows: operations in flight, packets, cancelled in flight: " + Arrays.toString(counts));
    assertThat(counts[1]).as("packets").isEqualTo(counts[0]);
    assertThat(counts[2]).as("cancelled while in flight").isGreaterThanOrEqualTo(CANCELS);
    assertThat(buffers.checkKept()).as("pieces given back, and unchanged since").isPositive();
  }

  private void flush() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    assertThat(port.flush(new PortThread.Flush(reached::countDown))).isTrue();
    assertThat(reached.await(LIMIT_NANOS, TimeUnit.NANOSECONDS)).isTrue();
  }

  @Test
  @Covers("promise 23")
  void namedPipeHasOneInstanceAndOneClient() throws Exception {
    AtomicReference<String> name = new AtomicReference<>("");
    Pipes.Ends ends = new Pipes(remembering(name), false).open(port, true);
    try (Arena arena = Arena.ofConfined()) {
      assertThat(name.get()).matches("\\\\\\\\\\.\\\\pipe\\\\jpopen-[0-9a-f]{32}");
      MemorySegment text = arena.allocateFrom(name.get(), StandardCharsets.UTF_16LE);
      assertThat(win32.createNamedPipe(text, PipeUse.READ_BY_US, 4096, MemorySegment.NULL))
          .as("a second instance")
          .isNegative();
      assertThat(win32.openNamedPipe(text, false)).as("a second client").isNegative();
      assertThat(win32.openNamedPipe(text, true)).as("a reading client").isNegative();
    } finally {
      close(ends);
    }
  }

  @Test
  void unnamedPipeNeedsNoName() throws Exception {
    AtomicReference<String> name = new AtomicReference<>("");
    close(new Pipes(remembering(name), true).open(port, true));
    assertThat(name.get()).as("the name of a named pipe").isEmpty();
  }

  // The real calls; they also remember the name of a named pipe.
  private Win32 remembering(AtomicReference<String> name) {
    return (Win32)
        Proxy.newProxyInstance(
            Win32.class.getClassLoader(),
            new Class<?>[] {Win32.class},
            (proxy, method, args) -> {
              if (method.getName().equals("createNamedPipe")) {
                name.set(((MemorySegment) args[0]).getString(0, StandardCharsets.UTF_16LE));
              }
              return method.invoke(win32, args);
            });
  }

  @Test
  @Covers("promise 23")
  void pipeHandlesAreNotInheritable() throws Win32Exception {
    for (boolean unnamed : new boolean[] {true, false}) {
      Pipes.Ends ends = new Pipes(win32, unnamed).open(port, false);
      assertThat(win32.handleFlags(ends.ours())).isZero();
      assertThat(win32.handleFlags(ends.child())).isZero();
      close(ends);
    }
  }

  private void close(Pipes.Ends ends) {
    assertThat(win32.closeHandle(ends.ours())).isZero();
    assertThat(win32.closeHandle(ends.child())).isZero();
  }
}

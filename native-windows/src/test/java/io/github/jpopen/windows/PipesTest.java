package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.WINDOWS)
class PipesTest {
  private static final int CANCELS = 500;
  private static final long LIMIT_NANOS = 20_000_000_000L;

  private final NativeWin32 win32 = new NativeWin32();

  @Test
  void manyOperationsAreCancelledWhileInFlightAndEveryPacketComes() throws Exception {
    TransferBuffers buffers = new TransferBuffers(true);
    PortThread port = PortThread.start(win32, buffers);
    Pipes pipes = new Pipes(win32, true);
    PipeEvents events = new PipeEvents();
    for (int i = 0; i < CANCELS; i++) {
      StreamKind kind = i % 2 == 0 ? StreamKind.STDOUT : StreamKind.STDIN;
      Pipes.Ends ends = pipes.open(kind != StreamKind.STDIN);
      PipeEnd pipe = new PipeEnd(port, new Progress(), kind, ends.ours());
      assertThat(port.bind(ends.ours(), pipe.operation().key())).isZero();
      // A write is in flight once the pipe is full; a read is at once.
      for (int n = 0; n < 4; n++) {
        pipe.move(events, Long.MAX_VALUE);
        port.flush();
      }
      pipe.close();
      port.flush();
      assertThat(win32.closeHandle(ends.childs())).isZero();
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
    for (int i = 0; i < 32; i++) {
      assertThat(buffers.take(TransferBuffers.LARGE)).as("checked by take").isNotNull();
    }
  }

  @Test
  void aNamedPipeHasOneInstanceAndLetsNobodyElseIn() throws Exception {
    List<String> before = names();
    Pipes.Ends ends = new Pipes(win32, false).open(true);
    try {
      List<String> ours = names();
      ours.removeAll(before);
      // Taken: no second instance, and its one client is the child's end.
      for (String name : ours) {
        assertThat(new File(PREFIX + name).canRead()).isFalse();
      }
      assertThat(win32.handleFlags(ends.ours())).as("not inheritable").isZero();
      assertThat(win32.handleFlags(ends.childs())).as("not inheritable").isZero();
    } finally {
      close(ends);
    }
  }

  @Test
  void anUnnamedPipeIsNotAmongTheNames() throws Exception {
    List<String> before = names();
    Pipes.Ends ends = new Pipes(win32, true).open(true);
    try {
      List<String> now = names();
      now.removeAll(before);
      assertThat(now).noneMatch(name -> name.startsWith("jpopen"));
    } finally {
      close(ends);
    }
  }

  @Test
  void aHandleOfAPipeIsNotInheritable() throws Win32Exception {
    for (boolean unnamed : new boolean[] {true, false}) {
      Pipes.Ends ends = new Pipes(win32, unnamed).open(false);
      assertThat(win32.handleFlags(ends.ours())).isZero();
      assertThat(win32.handleFlags(ends.childs())).isZero();
      close(ends);
    }
  }

  private static final String PREFIX = "\\\\.\\pipe\\";

  private static List<String> names() {
    String[] names = new File(PREFIX).list();
    return names == null ? new ArrayList<>() : new ArrayList<>(List.of(names));
  }

  private void close(Pipes.Ends ends) {
    assertThat(win32.closeHandle(ends.ours())).isZero();
    assertThat(win32.closeHandle(ends.childs())).isZero();
  }
}

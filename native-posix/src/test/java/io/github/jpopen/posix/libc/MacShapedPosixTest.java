package io.github.jpopen.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.constants.PosixConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The calls that Linux and macOS share, made on Linux. */
@EnabledOnOs(OS.LINUX)
class MacShapedPosixTest {
  private static final MacShapedPosix POSIX = MacShapedPosix.link();
  private static final PosixConstants N = POSIX.constants();

  @Test
  void missingCallsReturnEnosys() {
    int no = -N.ENOSYS();
    assertThat(POSIX.eventCounter()).isEqualTo(no);
    assertThat(POSIX.setPipeSize(0, 1)).isEqualTo(no);
    assertThat(POSIX.closeRangeUnshared(3)).isEqualTo(no);
    assertThat(POSIX.unshareFilesAndDirectory()).isEqualTo(no);
    assertThat(POSIX.processDescriptor(1)).isEqualTo(no);
    assertThat(POSIX.signalDescriptor(new ProcessNumber(0), 0)).isEqualTo(no);
    assertThat(POSIX.remap(0, 0, 0)).isEqualTo(no);
    assertThat(POSIX.adviseHugePages(0, 0)).isEqualTo(no);
    assertThat(POSIX.actionsAddCloseFrom(MemorySegment.NULL, 3)).isEqualTo(no);
    assertThat(POSIX.hasCloseFrom()).isFalse();
    assertThat(POSIX.findsProgramAfterChdir()).isFalse();
    assertThat(POSIX.libraryVersion()).isEmpty();
    assertThat(POSIX.cloexecDefault()).isNotZero();
  }

  @Test
  void pipeIsCloseOnExec() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      assertThat(POSIX.pipe(ends)).isZero();
      int reading = ends.get(ValueLayout.JAVA_INT, 0);
      int writing = ends.get(ValueLayout.JAVA_INT, 4);
      assertThat(POSIX.descriptorFlags(reading)).isEqualTo(N.FD_CLOEXEC());
      assertThat(POSIX.descriptorFlags(writing)).isEqualTo(N.FD_CLOEXEC());
      assertThat(POSIX.setNonBlocking(reading)).isZero();
      MemorySegment buffer = arena.allocateFrom("hello");
      assertThat(POSIX.read(reading, buffer, 5)).isEqualTo(-N.EAGAIN());
      assertThat(POSIX.write(writing, buffer, 5)).isEqualTo(5);
      assertThat(POSIX.read(reading, buffer, 5)).isEqualTo(5);
      assertThat(POSIX.close(reading)).isZero();
      PollSet set = new PollSet(1);
      set.add(writing, N.POLLHUP());
      assertThat(POSIX.poll(set, -1)).isEqualTo(1);
      assertThat(POSIX.write(writing, buffer, 1)).isEqualTo(-N.EPIPE());
      assertThat(POSIX.close(writing)).isZero();
      assertThat(POSIX.close(writing)).isEqualTo(-N.EBADF());
    }
  }

  @Test
  void variadicArgumentsArrive() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = CStrings.string("/dev/null".getBytes(StandardCharsets.US_ASCII), arena);
      int descriptor = POSIX.open(path, Posix.Access.BOTH);
      assertThat(descriptor).isPositive();
      assertThat(POSIX.descriptorFlags(descriptor)).isEqualTo(N.FD_CLOEXEC());
      int copy = POSIX.duplicate(descriptor, 100);
      assertThat(copy).isGreaterThanOrEqualTo(100);
      assertThat(POSIX.close(copy)).isZero();
      assertThat(POSIX.close(descriptor)).isZero();
      assertThat(POSIX.duplicate(-1, 0)).isEqualTo(-N.EBADF());
      path = CStrings.string("/no/such".getBytes(StandardCharsets.US_ASCII), arena);
      assertThat(POSIX.open(path, Posix.Access.READ)).isEqualTo(-N.ENOENT());
    }
  }

  @Test
  void timeoutIsRoundedUpToMilliseconds() {
    assertThat(PollSet.millis(-1)).isEqualTo(-1);
    assertThat(PollSet.millis(0)).isZero();
    assertThat(PollSet.millis(1)).isEqualTo(1);
    assertThat(PollSet.millis(1_000_000)).isEqualTo(1);
    assertThat(PollSet.millis(1_000_001)).isEqualTo(2);
    assertThat(PollSet.millis(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    long start = System.nanoTime();
    assertThat(POSIX.poll(new PollSet(1), 1_500_000)).isZero();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_500_000);
  }

  private static int spawn(Arena arena, String script, int... inherited) {
    MemorySegment actions = arena.allocate(N.sizeOfSpawnActions(), 8);
    MemorySegment attributes = arena.allocate(N.sizeOfSpawnAttributes(), 8);
    MemorySegment pid = arena.allocate(4, 4);
    assertThat(POSIX.attributesInit(attributes)).isZero();
    assertThat(POSIX.attributesSetFlags(attributes, POSIX.cloexecDefault())).isZero();
    assertThat(POSIX.actionsInit(actions)).isZero();
    for (int descriptor : inherited) {
      assertThat(POSIX.actionsAddInherit(actions, descriptor)).isZero();
    }
    List<byte[]> argv =
        List.of(
            "sh".getBytes(StandardCharsets.US_ASCII),
            "-c".getBytes(StandardCharsets.US_ASCII),
            script.getBytes(StandardCharsets.US_ASCII));
    MemorySegment path = CStrings.string("/bin/sh".getBytes(StandardCharsets.US_ASCII), arena);
    MemorySegment arguments = CStrings.array(argv, arena);
    MemorySegment none = CStrings.array(List.of(), arena);
    assertThat(POSIX.spawn(pid, path, actions, attributes, arguments, none)).isZero();
    assertThat(POSIX.actionsDestroy(actions)).isZero();
    assertThat(POSIX.attributesDestroy(attributes)).isZero();
    return pid.get(ValueLayout.JAVA_INT, 0);
  }

  private static int field(MemorySegment info, int offset) {
    return info.get(ValueLayout.JAVA_INT, offset);
  }

  @Test
  void exitIsSeenAndThenCollected() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(N.sizeOfSigInfo(), 8);
      int pid = spawn(arena, "exit 77");
      assertThat(
              POSIX.waitId(
                  N.P_PID(),
                  new ProcessNumber(pid),
                  info,
                  N.WEXITED() | N.WNOWAIT(),
                  MemorySegment.NULL))
          .isZero();
      assertThat(field(info, N.offsetOfPid())).isEqualTo(pid);
      info.fill((byte) 0);
      assertThat(
              POSIX.waitId(
                  N.P_PID(),
                  new ProcessNumber(pid),
                  info,
                  N.WEXITED() | N.WNOHANG(),
                  MemorySegment.NULL))
          .isZero();
      assertThat(field(info, N.offsetOfPid())).isEqualTo(pid);
      assertThat(field(info, N.offsetOfCode())).isEqualTo(N.CLD_EXITED());
      assertThat(field(info, N.offsetOfStatus())).isEqualTo(77);
      assertThat(
              POSIX.waitId(
                  N.P_PID(), new ProcessNumber(pid), info, N.WEXITED(), MemorySegment.NULL))
          .isEqualTo(-N.ECHILD());

      pid = spawn(arena, "kill -9 $$");
      assertThat(
              POSIX.waitId(
                  N.P_PID(), new ProcessNumber(pid), info, N.WEXITED(), MemorySegment.NULL))
          .isZero();
      assertThat(field(info, N.offsetOfCode())).isEqualTo(N.CLD_KILLED());
      assertThat(field(info, N.offsetOfStatus())).isEqualTo(N.SIGKILL());

      pid = spawn(arena, "while :; do :; done");
      info.fill((byte) 0);
      assertThat(
              POSIX.waitId(
                  N.P_PID(),
                  new ProcessNumber(pid),
                  info,
                  N.WEXITED() | N.WNOHANG(),
                  MemorySegment.NULL))
          .isZero();
      assertThat(field(info, N.offsetOfPid())).isZero();
      assertThat(POSIX.kill(pid, N.SIGKILL())).isZero();
      assertThat(
              POSIX.waitId(
                  N.P_PID(), new ProcessNumber(pid), info, N.WEXITED(), MemorySegment.NULL))
          .isZero();
    }
  }

  /** As Apple's kernel does: a stream that no action names is closed, like any other descriptor. */
  @Test
  void unnamedDescriptorsAreClosed() {
    String mask =
        "m=0; for i in 0 1 2; do [ -e /proc/$$/fd/$i ] && m=$((m + (1 << i))); done; exit $m";
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(N.sizeOfSigInfo(), 8);
      for (int[] inherited : new int[][] {{}, {0}, {1, 2}, {0, 1, 2}}) {
        int expected = 0;
        for (int descriptor : inherited) {
          expected |= 1 << descriptor;
        }
        int pid = spawn(arena, mask, inherited);
        assertThat(
                POSIX.waitId(
                    N.P_PID(), new ProcessNumber(pid), info, N.WEXITED(), MemorySegment.NULL))
            .isZero();
        assertThat(field(info, N.offsetOfStatus())).isEqualTo(expected);
      }
    }
  }

  @Test
  void environmentIsOurs() {
    assertThat(CStrings.list(POSIX.environment())).hasSameSizeAs(System.getenv().entrySet());
  }
}

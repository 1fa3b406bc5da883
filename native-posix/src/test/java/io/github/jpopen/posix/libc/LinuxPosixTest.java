package io.github.jpopen.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.ffi.linux.LibC;
import io.github.jpopen.posix.ffi.linux.pollfd;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Each call does what its name says and returns its error; numbers have their names. */
@EnabledOnOs(OS.LINUX)
class LinuxPosixTest {
  private static final LinuxPosix POSIX = LinuxPosix.link();
  private static final PosixConstants N = POSIX.constants();

  @Test
  void errnoHasTheExpectedOffset() {
    long offset = Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));
    assertThat(CallStates.ERRNO).isEqualTo(offset);
  }

  @Test
  void pollSetIsAnArrayOfPollfd() {
    assertThat(pollfd.sizeof()).isEqualTo(8);
    assertThat(pollfd.fd$offset()).isZero();
    assertThat(pollfd.events$offset()).isEqualTo(4);
    assertThat(pollfd.revents$offset()).isEqualTo(6);
  }

  @Test
  void errorsAreNegatedResults() {
    assertThat(POSIX.close(-1)).isEqualTo(-N.EBADF());
    assertThat(POSIX.setPipeSize(-1, 1)).isEqualTo(-N.EBADF());
    assertThat(POSIX.kill(0x3fffffff, 0)).isEqualTo(-N.ESRCH());
    assertThat(POSIX.processDescriptor(0x3fffffff)).isEqualTo(-N.ESRCH());
    assertThat(POSIX.unmap(1, 1)).isEqualTo(-N.EINVAL());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = CStrings.string("/no/such".getBytes(StandardCharsets.US_ASCII), arena);
      assertThat(POSIX.open(path, Posix.Access.READ)).isEqualTo(-N.ENOENT());
      assertThat(POSIX.chdir(path)).isEqualTo(-N.ENOENT());
      assertThat(POSIX.read(-1, path, 1)).isEqualTo(-N.EBADF());
      MemorySegment info = arena.allocate(N.sizeOfSigInfo(), 8);
      assertThat(
              POSIX.waitId(
                  N.P_PID(), new ProcessNumber(0x3fffffff), info, N.WEXITED(), MemorySegment.NULL))
          .isEqualTo(-N.ECHILD());
    }
  }

  @Test
  void missingFunctionReturnsEnosys() {
    NativeFunction missing = new NativeFunction("no_such_function_anywhere", -N.ENOSYS(), false);
    assertThat(missing.exists()).isFalse();
    assertThat(missing.callInt(1)).isEqualTo(-N.ENOSYS());
    assertThat(missing.callError(1)).isEqualTo(-N.ENOSYS());
    assertThat(missing.call(1, 2, 3, 4, 5, 6)).isEqualTo(-N.ENOSYS());
  }

  @Test
  void heapBytesGoThroughAPipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      assertThat(POSIX.pipe(ends)).isZero();
      int reading = ends.get(ValueLayout.JAVA_INT, 0);
      int writing = ends.get(ValueLayout.JAVA_INT, 4);
      assertThat(POSIX.setNonBlocking(reading)).isZero();
      byte[] bytes = "-hello-".getBytes(StandardCharsets.US_ASCII);
      byte[] room = new byte[7];
      MemorySegment part = MemorySegment.ofArray(room).asSlice(1);
      assertThat(POSIX.read(reading, part, 6)).isEqualTo(-N.EAGAIN());
      assertThat(POSIX.write(writing, MemorySegment.ofArray(bytes).asSlice(1), 5)).isEqualTo(5);
      assertThat(POSIX.read(reading, part, 6)).isEqualTo(5);
      assertThat(room).containsExactly(0, 'h', 'e', 'l', 'l', 'o', 0);
      assertThat(POSIX.close(writing)).isZero();
      assertThat(POSIX.read(reading, part, 6)).isZero();
      assertThat(POSIX.close(reading)).isZero();
      assertThat(POSIX.read(-1, part, 6)).isEqualTo(-N.EBADF());
    }
  }

  @Test
  void bytesGoThroughAPipe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(8, 4);
      assertThat(POSIX.pipe(ends)).isZero();
      int reading = ends.get(ValueLayout.JAVA_INT, 0);
      int writing = ends.get(ValueLayout.JAVA_INT, 4);
      assertThat(POSIX.descriptorFlags(reading)).isEqualTo(N.FD_CLOEXEC());
      assertThat(POSIX.setNonBlocking(reading)).isZero();
      MemorySegment buffer = arena.allocateFrom("hello");
      assertThat(POSIX.read(reading, buffer, 5)).isEqualTo(-N.EAGAIN());
      PollSet set = new PollSet(1);
      set.add(reading, N.POLLIN());
      set.add(writing, N.POLLOUT());
      assertThat(POSIX.poll(set, 0)).isEqualTo(1);
      assertThat(set.happened(0)).isZero();
      assertThat(set.happened(1)).isEqualTo(N.POLLOUT());
      assertThat(POSIX.write(writing, buffer, 5)).isEqualTo(5);
      assertThat(POSIX.poll(set, -1)).isEqualTo(2);
      assertThat(POSIX.read(reading, buffer.fill((byte) 0), 5)).isEqualTo(5);
      assertThat(buffer.getString(0)).isEqualTo("hello");
      int copy = POSIX.duplicate(reading, 100);
      assertThat(copy).isGreaterThanOrEqualTo(100);
      assertThat(POSIX.close(copy)).isZero();
      assertThat(POSIX.close(reading)).isZero();
      assertThat(POSIX.write(writing, buffer, 1)).isEqualTo(-N.EPIPE());
      assertThat(POSIX.close(writing)).isZero();
    }
  }

  @Test
  void pollSetGrowsAndWaits() {
    PollSet set = new PollSet(2);
    for (int i = 0; i < 50; i++) {
      assertThat(set.add(-1, i)).isEqualTo(i);
    }
    assertThat(set.count()).isEqualTo(50);
    long start = System.nanoTime();
    assertThat(POSIX.poll(set, 5_000_000)).isZero();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
    set.clear();
    assertThat(set.count()).isZero();
  }

  @Test
  void memoryIsMappedMovedAndUnmapped() {
    long address = POSIX.map(1 << 16);
    assertThat(address).isPositive();
    long moved = POSIX.remap(address, 1 << 16, 1 << 24);
    assertThat(moved).isPositive();
    assertThat(POSIX.adviseHugePages(moved, 1 << 24)).isIn(0, -N.EINVAL()); // a kernel without
    assertThat(POSIX.unmap(moved, 1 << 24)).isZero();
    assertThat(POSIX.map(1L << 60)).isEqualTo(-N.ENOMEM());
  }

  @Test
  void stringsSurviveNativeMemory() {
    List<byte[]> strings =
        List.of(new byte[] {'a', '=', (byte) 0xFF}, new byte[0], new byte[] {'b', '=', 'c'});
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array = CStrings.array(strings, arena);
      assertThat(CStrings.list(array)).containsExactlyElementsOf(strings);
      assertThat(CStrings.find(array, new byte[] {'b', '='})).isEqualTo(strings.get(2));
      assertThat(CStrings.find(array, new byte[] {'c', '='})).isNull();
      assertThat(CStrings.list(CStrings.array(List.of(), arena))).isEmpty();
    }
    assertThat(CStrings.list(MemorySegment.NULL)).isEmpty();
    assertThat(CStrings.find(MemorySegment.NULL, new byte[] {'b'})).isNull();
  }

  @Test
  void environmentIsOurs() {
    assertThat(CStrings.list(POSIX.environment())).hasSameSizeAs(System.getenv().entrySet());
  }

  @Test
  void libraryHasAVersion() {
    assertThat(POSIX.libraryVersion()).matches("\\d+\\.\\d+|");
  }

  // The generated class has every name of the headers: the tables, typed by hand, must not miss
  // one.
  private static Stream<String> constants(String prefix) {
    return Arrays.stream(LibC.class.getMethods())
        .filter(method -> method.getName().matches(prefix + "[A-Z0-9]+"))
        .filter(method -> method.getReturnType() == int.class && method.getParameterCount() == 0)
        .map(java.lang.reflect.Method::getName);
  }

  private static int value(String name) {
    try {
      return (int) LibC.class.getMethod(name).invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(name, e);
    }
  }

  @Test
  void everyErrorHasAName() {
    List<String> names =
        constants("E").filter(name -> !name.matches("EPOLL.*|ECHO|EFD.*")).toList();
    assertThat(names).hasSizeGreaterThan(100);
    for (String name : names) {
      String known = N.errorName(value(name));
      assertThat(value(known)).as(name).isEqualTo(value(name));
    }
    assertThat(N.errorName(LibC.EAGAIN())).isEqualTo("EAGAIN");
    assertThat(N.errorName(LibC.EDEADLK())).isEqualTo("EDEADLK");
    assertThat(N.errorName(LibC.EOPNOTSUPP())).isEqualTo("ENOTSUP");
    assertThat(N.errorName(9999)).isEqualTo("9999");
    assertThat(N.errorName(0)).isEqualTo("0");
  }

  @Test
  void everySignalHasANameAndNumber() {
    List<String> names = constants("SIG").toList();
    assertThat(names).hasSizeGreaterThan(30);
    for (String name : names) {
      assertThat(N.signalNumber(name)).as(name).hasValue(value(name));
    }
    assertThat(N.signalName(6)).isEqualTo("SIGABRT");
    assertThat(N.signalName(17)).isEqualTo("SIGCHLD");
    assertThat(N.signalName(29)).isEqualTo("SIGIO");
    assertThat(N.signalName(0)).isNull();
    assertThat(N.signalName(-1)).isNull();
    assertThat(N.signalName(50)).isNull();
    assertThat(N.signalName(1000)).isNull();
    assertThat(N.signalNumber("SIGNONSENSE")).isEmpty();
    assertThat(N.signalNumber("")).isEmpty();
  }

  @Test
  void libraryReportsRealTimeSignals() {
    assertThat(POSIX.firstRealTimeSignal()).isIn(34, 35); // glibc, musl
    assertThat(POSIX.lastRealTimeSignal()).isEqualTo(LibC.NSIG() - 1);
  }

  @Test
  void numbersEqualTheHeaders() throws Exception {
    for (var method : PosixConstants.class.getMethods()) {
      if (method.getName().matches("[A-Z0-9_]+")) {
        assertThat(method.invoke(N)).as(method.getName()).isEqualTo(value(method.getName()));
      }
    }
  }
}

package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of file as redirect and as input: what works, and what is refused by which error. */
class FileKindsTest extends PosixTest {
  private static final Command<String> CAT = Command.of("cat").text();
  private static final Command<byte[]> PRINT = Command.of("printf", "new");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String ENXIO = LIKE_MAC && !isLinux() ? "EOPNOTSUPP" : "ENXIO";

  /** What there is to open. */
  enum Kind {
    REGULAR,
    EMPTY,
    DIRECTORY,
    FIFO,
    SOCKET,
    DEVICE,
    FILE_OF_PROC,
    DENIED,
    MISSING
  }

  @TempDir Path temp = Path.of("");

  @BeforeAll
  static void openASocketOnce() throws IOException {
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).close(); // the JVM keeps one of its own
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  private Path make(Kind kind) throws Exception {
    Path file = temp.resolve("file");
    switch (kind) {
      case REGULAR -> Files.writeString(file, "old");
      case EMPTY -> Files.writeString(file, "");
      case DIRECTORY -> Files.createDirectory(file);
      case FIFO -> assertThat(Command.of("mkfifo", file.toString()).call()).isZero();
      case SOCKET -> {
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
          server.bind(UnixDomainSocketAddress.of(file));
        }
      }
      case DEVICE -> file = Path.of("/dev/null");
      case FILE_OF_PROC -> file = Path.of("/proc/version");
      case DENIED -> {
        Files.writeString(file, "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user may read everything");
      }
      case MISSING -> {}
    }
    return file;
  }

  /** The file itself, and a symbolic link to it. */
  static Stream<Arguments> everyKind() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of(false, true).map(linked -> Arguments.of(kind, linked)));
  }

  private Path path(Path file, boolean linked) throws IOException {
    return linked ? Files.createSymbolicLink(temp.resolve("link-to-file"), file) : file;
  }

  /** While a FIFO is opened, something is at its other end. */
  private static <T> T withOtherEnd(Path file, Callable<?> otherEnd, Callable<T> action)
      throws Exception {
    if (!isFifo(file)) {
      return action.call();
    }
    FutureTask<?> other = new FutureTask<>(otherEnd);
    Thread.ofPlatform().daemon().start(other);
    T result = action.call();
    other.get(30, TimeUnit.SECONDS);
    return result;
  }

  private static boolean isFifo(Path file) throws IOException {
    return Files.exists(file) && ((int) Files.getAttribute(file, "unix:mode") & 0170000) == 0010000;
  }

  private static String outcome(Callable<String> action) throws Exception {
    try {
      return action.call();
    } catch (SpawnException e) {
      assertThat(e.culprit()).isEqualTo(SpawnException.Culprit.REDIRECT);
      assertThat(e).hasMessageContaining("file").hasMessageContaining("open: " + e.errorName());
      return e.errorName();
    } catch (NoSuchFileException e) {
      return "ENOENT";
    } catch (AccessDeniedException e) {
      return "EACCES";
    } catch (SubprocessException e) { // the thread that reads the input opened it
      assertThat(e).hasRootCauseInstanceOf(FileSystemException.class);
      return ENXIO;
    } catch (FileSystemException e) {
      return "Is a directory".equals(e.getReason()) ? "EISDIR" : ENXIO;
    }
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void stdinFrom(Kind kind, boolean linked) throws Exception {
    isRead(kind, linked, path -> CAT.stdin(Redirect.from(path)));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void inputFile(Kind kind, boolean linked) throws Exception {
    isRead(kind, linked, path -> CAT.input(Input.file(path)));
  }

  private void isRead(Kind kind, boolean linked, Function<Path, Command<String>> reading)
      throws Exception {
    Path file = make(kind);
    Command<String> command = reading.apply(path(file, linked));
    String found =
        withOtherEnd(
            file, () -> Files.writeString(file, "written"), () -> outcome(command::checkOutput));
    assertThat(found).isEqualTo(read(kind, file));
  }

  private static String read(Kind kind, Path file) throws IOException {
    return switch (kind) {
      case REGULAR -> "old";
      case EMPTY, DEVICE -> "";
      case DIRECTORY -> "EISDIR";
      case FIFO -> "written";
      case SOCKET -> ENXIO;
      case FILE_OF_PROC -> Files.readString(file);
      case DENIED -> "EACCES";
      case MISSING -> "ENOENT";
    };
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void stdoutTo(Kind kind, boolean linked) throws Exception {
    Path file = make(kind);
    assertThat(written(kind, file, Redirect.to(path(file, linked)))).isEqualTo(write(kind, ""));
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void stdoutAppendedTo(Kind kind, boolean linked) throws Exception {
    Path file = make(kind);
    assertThat(written(kind, file, Redirect.appendTo(path(file, linked))))
        .isEqualTo(write(kind, "old"));
  }

  private static String written(Kind kind, Path file, Redirect redirect) throws Exception {
    assumeFalse(kind == Kind.FILE_OF_PROC, "whether it may be written depends on the user");
    StringBuilder received = new StringBuilder();
    String found =
        withOtherEnd(
            file,
            () -> received.append(Files.readString(file)),
            () ->
                outcome(
                    () -> {
                      PRINT.stdout(redirect).checkCall();
                      return kind == Kind.FIFO ? "" : Files.readString(file);
                    }));
    return found + received;
  }

  private static String write(Kind kind, String before) {
    return switch (kind) {
      case REGULAR -> before + "new";
      case EMPTY, FIFO, MISSING -> "new";
      case DEVICE -> "";
      case DIRECTORY -> "EISDIR";
      case SOCKET -> ENXIO;
      case FILE_OF_PROC -> "";
      case DENIED -> "EACCES";
    };
  }

  /** Commands whose start waits for the other end of a FIFO. */
  enum Waiting {
    READER {
      @Override
      Command<byte[]> command(Path fifo) {
        return TRUE.stdin(Redirect.from(fifo));
      }
    },
    WRITER {
      @Override
      Command<byte[]> command(Path fifo) {
        return TRUE.stdout(Redirect.to(fifo));
      }
    },
    TEE {
      @Override
      Command<byte[]> command(Path fifo) {
        return TRUE.stdout(Redirect.PIPE.tee(fifo));
      }
    };

    private static final Command<byte[]> TRUE = Command.of("true");

    abstract Command<byte[]> command(Path fifo);

    void verify(Exception thrown) {
      if (this == TEE) {
        assertThat(thrown)
            .isInstanceOf(InterruptedIOException.class)
            .hasMessageStartingWith("interrupted while opening ");
      } else {
        assertThat(thrown)
            .isInstanceOfSatisfying(
                SpawnException.class,
                e -> {
                  assertThat(e.culprit()).isEqualTo(SpawnException.Culprit.REDIRECT);
                  assertThat(e.errorName()).isEqualTo("EINTR");
                });
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptEndsTheWaitForTheOtherEndOfAFifo(Waiting waiting) throws Exception {
    Path fifo = make(Kind.FIFO);
    Command<byte[]> command = waiting.command(fifo);
    for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      FutureTask<Exception> start =
          new FutureTask<>(
              () -> {
                Exception thrown = catchThrowableOfType(IOException.class, command::start);
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                return thrown;
              });
      Thread thread = builder.start(start);
      await("the thread that opens", () -> openers() == 1);
      thread.interrupt();
      waiting.verify(start.get(30, TimeUnit.SECONDS));
      release(fifo);
    }
  }

  /** The limit counts from when the child has been started, as Javadoc of the option says. */
  @ParameterizedTest
  @EnumSource
  void timeoutDoesNotCountWhileAFifoIsOpened(Waiting waiting) throws Exception {
    Path fifo = make(Kind.FIFO);
    FutureTask<Integer> run =
        new FutureTask<>(waiting.command(fifo).timeout(Duration.ofNanos(1)).grace(LONG)::call);
    Thread thread = Thread.ofPlatform().start(run);
    // Without a limit of its own it does not return before the other end is open.
    await("the wait", () -> openers() == 1 && thread.getState() == Thread.State.WAITING);
    release(fifo);
    try {
      assertThat(run.get(30, TimeUnit.SECONDS)).isZero(); // it had ended when it was looked at
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(TimeoutExpiredException.class);
    }
  }

  /** The thread that opens may be late on a busy machine, so one success of several will do. */
  @Test
  void pendingInterruptIsNoFailureIfTheOtherEndIsOpen() throws Exception {
    Path fifo = make(Kind.FIFO);
    try (RandomAccessFile open = new RandomAccessFile(fifo.toFile(), "rw")) {
      Command<byte[]> command = Command.of("true").stdin(Redirect.from(fifo));
      FutureTask<Boolean> starts =
          new FutureTask<>(
              () -> {
                boolean started = false;
                for (int i = 0; i < 20 && !started; i++) {
                  started = startsOnAnInterruptedThread(command);
                }
                return started;
              });
      Thread.ofPlatform().start(starts);
      assertThat(starts.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(open.getFD().valid()).isTrue();
    }
  }

  private static boolean startsOnAnInterruptedThread(Command<byte[]> command) throws Exception {
    Thread.currentThread().interrupt();
    try (var p = command.start()) {
      assertThat(Thread.interrupted()).isTrue();
      return p.waitFor() == 0;
    } catch (SpawnException e) {
      assertThat(Thread.interrupted()).isTrue();
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void fifosWithoutOtherEndHoldNoCarrier(Waiting waiting) throws Exception {
    Path fifo = make(Kind.FIFO);
    List<FutureTask<Integer>> starts = new ArrayList<>();
    int count = Runtime.getRuntime().availableProcessors() + 1;
    for (int i = 0; i < count; i++) {
      starts.add(new FutureTask<>(waiting.command(fifo)::call));
      Thread.ofVirtual().start(starts.getLast());
    }
    await("all wait", () -> openers() == count);
    CountDownLatch ran = new CountDownLatch(1);
    Thread.ofVirtual().start(ran::countDown);
    assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    release(fifo);
    for (FutureTask<Integer> start : starts) {
      assertThat(start.get(30, TimeUnit.SECONDS)).isZero();
    }
  }

  private static long openers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("jpopen-open"))
        .count();
  }

  // Opened for both, a FIFO waits for no other end, and is the other end of every open(2).
  private static void release(Path fifo) throws IOException {
    try (RandomAccessFile both = new RandomAccessFile(fifo.toFile(), "rw")) {
      await("no thread waits", () -> openers() == 0);
      assertThat(both.getFD().valid()).isTrue();
    }
  }
}

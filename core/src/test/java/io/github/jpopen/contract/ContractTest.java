package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What all contract tests share: a time limit, children that never outlive their test, and the
 * check that after every test no descriptor, child or zombie is there that was not there before.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(OnVirtualThreads.class)
public abstract class ContractTest extends ChildSteps {
  /** Long enough that only a hang takes longer. */
  protected static final Duration LONG = Duration.ofSeconds(60);

  /** A timeout that is meant to expire. */
  protected static final Duration SHORT = Duration.ofMillis(100);

  /** How late a busy machine with two cores may be. */
  protected static final Duration LATE = Duration.ofMillis(250);

  private static final AtomicInteger SKIPS = new AtomicInteger();

  private final Queue<Popen<?>> started = new ConcurrentLinkedQueue<>();
  private final List<Path> gates = new ArrayList<>();
  private Resources before = Resources.now();
  private Path temp = Path.of("");

  @BeforeEach
  void rememberResources(@TempDir Path directory) {
    temp = directory;
    before = Resources.now();
    if (!Resources.COUNTABLE && SKIPS.getAndIncrement() == 0) {
      System.out.println("contract: no /proc here, descriptors are not counted");
    }
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    for (Path gate : gates) {
      open(gate);
    }
    started.forEach(ContractTest::end);
    started.clear();
    if (File.separatorChar == '\\') {
      awaitFilesClosed();
    }
    if (!before.moreAfterAll().isEmpty()) {
      List<String> descriptors = before.newDescriptors();
      List<String> children = before.newChildren();
      killAll(children);
      assertThat(descriptors).as("descriptors left behind").isEmpty();
      assertThat(children).as("children left behind").isEmpty();
    }
  }

  // Windows keeps a deleted file in its directory while it is open, and a child that was left
  // alone may be a moment behind. It waits for a gate, so those stay.
  private void awaitFilesClosed() {
    boolean _ = Eventually.holds(this::onlyGatesAreLeft);
  }

  private boolean onlyGatesAreLeft() {
    try (Stream<Path> entries = Files.list(temp)) {
      List<Path> files =
          entries.filter(file -> !gates.contains(file) && !Files.isDirectory(file)).toList();
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      return files.isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static void end(Popen<?> popen) {
    try {
      if (popen.poll().isEmpty()) {
        popen.kill();
      }
      popen.close();
    } catch (IllegalStateException | IOException _) {
      // closed while it was running, or input was not sent: the test has checked that already
    }
  }

  private static void killAll(List<String> children) {
    for (String child : children) {
      ProcessHandle.of(Resources.pid(child)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Starts a child that is killed at the latest when the test ends. */
  protected final <T> Popen<T> start(Command<T> command) throws IOException {
    Popen<T> popen = command.start();
    started.add(popen);
    return popen;
  }

  /** A directory for this test. */
  protected final Path temp() {
    return temp;
  }

  /** A file of this test that is not there yet. */
  protected final Path file(String name) {
    return temp.resolve(name);
  }

  /** A file of this test with this content. */
  protected final Path file(String name, String content) throws IOException {
    return Files.writeString(file(name), content);
  }

  /**
   * A file that is not there until {@link #open}; children wait for it. It comes at the latest when
   * the test ends.
   */
  protected final Path gate(String name) {
    Path gate = file(name);
    gates.add(gate);
    return gate;
  }

  /** Lets the children that wait for this file go on. */
  protected static void open(Path gate) throws IOException {
    try {
      Files.createFile(gate);
    } catch (FileAlreadyExistsException _) {
      // open already
    }
  }

  /** Waits until a child has made this file. */
  protected static void await(Path file) {
    Eventually.await("the child makes " + file.getFileName(), () -> Files.exists(file));
  }

  /** Waits until the child has ended, without any help of the library. */
  protected static void awaitDeath(long pid) {
    Eventually.await(
        "child " + pid + " ends",
        () -> ProcessHandle.of(pid).map(Resources::hasEnded).orElse(true));
  }

  /** The exception of a call that must run into its timeout. */
  protected static TimeoutExpiredException timedOut(ThrowingCallable call) {
    try {
      call.call();
    } catch (TimeoutExpiredException e) {
      return e;
    } catch (Throwable e) {
      throw new AssertionError("expected a TimeoutExpiredException, got " + e, e);
    }
    throw new AssertionError("expected a TimeoutExpiredException, the call returned");
  }

  /** The exception of the first timed call after which so many bytes of stdout were there. */
  protected static TimeoutExpiredException timedOutWith(Popen<?> p, long stdoutSize) {
    AtomicReference<TimeoutExpiredException> last = new AtomicReference<>();
    Eventually.await(
        stdoutSize + " bytes come",
        () -> {
          TimeoutExpiredException e = timedOut(() -> p.communicate(SHORT));
          last.set(e);
          return e.stdout().size() >= stdoutSize;
        });
    return last.get();
  }

  /** How long a call took. */
  protected static Duration time(ThrowingCallable call) {
    long start = System.nanoTime();
    try {
      call.call();
    } catch (Throwable e) {
      throw new AssertionError("threw " + e, e);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Checks that a timeout was kept: not before, and not much later. */
  protected static void assertKept(Duration timeout, Duration took) {
    assertThat(took).isBetween(timeout, timeout.plus(LATE));
  }
}

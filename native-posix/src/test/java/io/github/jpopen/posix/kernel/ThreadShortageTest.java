package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.Resources;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.kernel.RefusedThreads.Refusal;
import io.github.jpopen.posix.spawn.SpawnTier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public API where the system has no thread for the library: each call works without it or
 * throws, and once there are threads again nothing is left.
 */
class ThreadShortageTest extends PosixTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final int MOST_STARTS = 3;
  private static final Duration IDLE = Duration.ofMillis(1);

  private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();
  private static final Set<Thread> THREADS_BEFORE = Thread.getAllStackTraces().keySet();
  private static final AtomicInteger RUN = new AtomicInteger();

  private final UsedPlatform used = new UsedPlatform();

  /** What the background of this JVM waits with. */
  enum Way {
    USUAL,
    WITHOUT_PIDFD,
    WITHOUT_EPOLL
  }

  static List<Arguments> cases() {
    Refusal all = new Refusal("", 1, ALL);
    List<Arguments> cases = new ArrayList<>();
    boolean hasUmask = !LIKE_MAC && Settings.ofSystemProperties().tier() != SpawnTier.SNAPSHOT;
    for (ThreadUse use : ThreadUse.values()) {
      if (use == ThreadUse.OTHER_UMASK && !hasUmask) {
        continue;
      }
      for (boolean virtual : new boolean[] {false, true}) {
        for (int nth = 1; nth <= MOST_STARTS; nth++) {
          cases.add(Arguments.of(use, Way.USUAL, virtual, new Refusal("", nth, nth)));
        }
        for (Way way : Way.values()) {
          cases.add(Arguments.of(use, way, virtual, all));
        }
        Refusal poller = new Refusal("jpopen-poller", 1, ALL);
        cases.add(Arguments.of(use, Way.USUAL, virtual, poller));
      }
    }
    return cases;
  }

  @BeforeEach
  void usePlatform() throws ReflectiveOperationException {
    use(Way.USUAL);
  }

  // Another one for each case: no thread of it runs yet.
  private void use(Way way) throws ReflectiveOperationException {
    Settings usual = Settings.ofSystemProperties();
    boolean pidfd = usual.pidfd() && way != Way.WITHOUT_PIDFD;
    boolean epoll = usual.epoll() && way != Way.WITHOUT_EPOLL;
    used.replace(new PosixPlatform(faults.posix(), new Settings(usual.tier(), pidfd, epoll, IDLE)));
  }

  @AfterEach
  void useTheUsual() throws ReflectiveOperationException {
    used.restore();
  }

  @AfterAll
  static void everyKindOfThreadWasRefusedAndNoneIsLeft() {
    List<String> kinds =
        new ArrayList<>(
            List.of(
                "jpopen-communicate",
                "jpopen-exit",
                "jpopen-input",
                "jpopen-open",
                "jpopen-pipeline",
                "jpopen-reaper",
                "jpopen-run",
                "jpopen-unwatched",
                "jpopen-wait"));
    if (HAS_PIDFD) {
      kinds.add("jpopen-poller");
    }
    if (!LIKE_MAC && Settings.ofSystemProperties().tier() != SpawnTier.SNAPSHOT) {
      kinds.add("jpopen-spawn");
    }
    if (RUN.get() == cases().size()) { // not if one case is run by its name
      assertThat(REFUSED).containsAll(kinds);
    }
    await("no thread is left", () -> newThreads().isEmpty());
  }

  private static List<Thread> newThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("jpopen-"))
        .filter(thread -> !THREADS_BEFORE.contains(thread))
        .toList();
  }

  @ParameterizedTest(name = "{0}, {1}, virtual: {2}, no thread at {3}")
  @MethodSource("cases")
  @Covers("promise 9")
  void callWorksOrThrows(
      ThreadUse use, Way way, boolean virtual, Refusal refusal, @TempDir Path temp)
      throws Exception {
    use(way);
    try (RefusedThreads threads = RefusedThreads.refuse(refusal)) {
      onThread(use, virtual, temp);
      threads.heal();
      ThreadUse.COMMUNICATE.run(temp); // the next child
      noChildStays(use);
      REFUSED.addAll(threads.refused());
      RUN.incrementAndGet();
    }
  }

  private static void onThread(ThreadUse use, boolean virtual, Path temp) throws Exception {
    FutureTask<@Nullable Void> call =
        new FutureTask<>(
            () -> {
              use.run(temp);
              return null;
            });
    Thread thread = virtual ? Thread.ofVirtual().start(call) : Thread.ofPlatform().start(call);
    try {
      call.get(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      StackTraceElement[] trace = thread.getStackTrace();
      AssertionError hangs = new AssertionError("hangs");
      hangs.setStackTrace(trace);
      throw hangs;
    } catch (ExecutionException e) {
      assertThat(isForWantOfThreads(e.getCause())).as("%s", e.getCause()).isTrue();
    }
  }

  private static boolean isForWantOfThreads(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> false;
      case OutOfMemoryError e -> RefusedThreads.MESSAGE.equals(e.getMessage());
      case SpawnException e -> e.errorName().equals("EAGAIN");
      case SubprocessException e -> isForWantOfThreads(e.getCause());
      case ExecutionException e -> isForWantOfThreads(e.getCause());
      default -> false;
    };
  }

  private static void noChildStays(ThreadUse use) {
    await(
        "no child is left",
        () -> {
          if (use == ThreadUse.DROP) {
            System.gc();
          }
          return Resources.children().isEmpty();
        });
  }

  /** No call of the library follows, and no child ends that another thread of it knows. */
  @Test
  @Covers("promise 9")
  void zombieIsCollectedAfterTheNextCollectionOfGarbage() throws Exception {
    Popen<byte[]> popen = Command.of("sleep", "60").start();
    try (RefusedThreads threads = RefusedThreads.refuse(new Refusal("", 1, ALL))) {
      long pid = popen.pid();
      ThreadUse.closeWithoutWaiting(popen);
      assertThat(HOST.kill((int) pid, HOST.constants().SIGKILL())).isZero();
      awaitDeath(pid);
      System.gc(); // there is no thread yet
      threads.heal();
      await(
          "collected",
          () -> {
            System.gc();
            return Resources.stat(pid).length == 0;
          });
    }
  }
}

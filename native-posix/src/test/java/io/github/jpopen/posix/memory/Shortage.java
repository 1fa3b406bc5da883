package io.github.jpopen.posix.memory;

import io.github.jpopen.Command;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is done while memory runs out, from the start of its child to the last check. */
abstract class Shortage {
  static final Command<byte[]> PIPES =
      Command.of("cat").stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE);

  private static final Command<byte[]> SLEEP = Command.of("sleep", "60").captureOutput();
  private static final Duration SHORT = Duration.ofMillis(5);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Nullable Popen<byte[]> child;

  /** Before memory runs out. */
  void prepare() throws Exception {
    child = PIPES.start();
  }

  /** While memory runs out; may throw. */
  abstract void act() throws Exception;

  /** Whether the child must end by that. */
  boolean kills() {
    return true;
  }

  /** How many requests for memory are only those of the start, which is an operation of its own. */
  int skipped() throws Exception {
    return 0;
  }

  /** Whether the child that must end has ended. */
  boolean isOver() {
    Popen<byte[]> known = child;
    return known == null ? OwnChildren.living() == 0 : OwnChildren.isDead(known.pid());
  }

  /** When there is memory again; throws if something is wrong. */
  void check() throws Exception {
    end(child());
  }

  final Popen<byte[]> child() {
    Popen<byte[]> known = child;
    if (known == null) {
      throw new IllegalStateException("no child");
    }
    return known;
  }

  /** Ends a child with memory at hand. */
  static void end(Popen<?> child) throws Exception {
    try {
      child.kill();
    } finally {
      child.close();
    }
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** The operations, by name. */
  enum Operation {
    KILL,
    CLOSE_THAT_KILLS,
    CLOSE_AFTER_TIMEOUT,
    CLOSE_DURING_COMMUNICATE,
    CLOSE_DURING_WAIT,
    CLOSE_OF_ENDED_CHILD,
    CLOSE_BY_INTERRUPTED_THREAD,
    START,
    RUN_WITH_TIMEOUT,
    RUN_WITH_TIMEOUT_AND_GUARD,
    RUN_INTERRUPTED,
    CANCEL_OF_RUN,
    CANCEL_OF_COMMUNICATE,
    WAIT,
    COMMUNICATE,
    ON_EXIT;

    /** On what kinds of thread it is done. The guard is the same for both, and takes longest. */
    List<String> threads() {
      return this == RUN_WITH_TIMEOUT_AND_GUARD
          ? List.of("platform")
          : List.of("platform", "virtual");
    }

    Shortage make(boolean virtual) {
      return switch (this) {
        case KILL ->
            new Shortage() {
              @Override
              void act() {
                boolean _ = child().kill();
              }
            };
        case CLOSE_THAT_KILLS ->
            new Shortage() {
              @Override
              void prepare() throws Exception {
                child = PIPES.killOnClose().start();
              }

              @Override
              void act() throws Exception {
                child().close();
              }

              @Override
              void check() {}
            };
        case CLOSE_AFTER_TIMEOUT ->
            new Shortage() {
              @Override
              void prepare() throws Exception {
                child = PIPES.start();
                try {
                  child().waitFor(Duration.ZERO);
                } catch (io.github.jpopen.TimeoutExpiredException e) {
                  return;
                }
                throw new AssertionError("no timeout");
              }

              @Override
              void act() throws Exception {
                child().close();
              }

              @Override
              void check() {}
            };
        case CLOSE_DURING_COMMUNICATE -> new During(virtual, Popen::communicate);
        case CLOSE_DURING_WAIT -> new During(virtual, Popen::waitFor);
        case CLOSE_OF_ENDED_CHILD ->
            new Shortage() {
              @Override
              void prepare() throws Exception {
                child = PIPES.start();
                ProcessHandle.of(child().pid()).orElseThrow().destroyForcibly();
                OwnChildren.await("end", () -> OwnChildren.isDead(child().pid()));
              }

              @Override
              void act() throws Exception {
                child().close();
              }

              @Override
              void check() {}
            };
        case CLOSE_BY_INTERRUPTED_THREAD ->
            new Shortage() {
              @Override
              void act() throws Exception {
                Thread.currentThread().interrupt();
                child().close();
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() {
                long pid = child().pid(); // its exit is collected in the background
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
              }
            };
        case START ->
            new Shortage() {
              @Override
              void prepare() {}

              @Override
              void act() throws Exception {
                child = PIPES.start();
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() throws Exception {
                if (child != null) {
                  end(child);
                }
              }
            };
        case RUN_WITH_TIMEOUT -> new OneShotShortage(() -> SLEEP.timeout(SHORT).run());
        case RUN_WITH_TIMEOUT_AND_GUARD ->
            new OneShotShortage(() -> SLEEP.killOnExit().timeout(SHORT).run());
        case RUN_INTERRUPTED ->
            new OneShotShortage(
                () -> {
                  Thread.currentThread().interrupt();
                  SLEEP.run();
                });
        case CANCEL_OF_RUN ->
            new Shortage() {
              private CompletableFuture<?> future = new CompletableFuture<>();

              @Override
              void prepare() {
                future = SLEEP.runAsync();
                OwnChildren.await("start", () -> OwnChildren.children() == 1);
              }

              @Override
              void act() {
                future.cancel(true);
              }

              @Override
              void check() {
                OwnChildren.await("future", () -> future.isDone());
              }
            };
        case CANCEL_OF_COMMUNICATE ->
            new Shortage() {
              private CompletableFuture<?> future = new CompletableFuture<>();

              @Override
              void prepare() throws Exception {
                child = SLEEP.start();
                future = child().communicateAsync();
              }

              @Override
              void act() {
                future.cancel(true);
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() throws Exception {
                OwnChildren.await("future", () -> future.isDone());
                child().kill();
                child().communicate(LIMIT);
                child().close();
              }
            };
        case WAIT ->
            new Shortage() {
              @Override
              void prepare() throws Exception {
                child = Command.shell("sleep .01; exit 3").start();
              }

              @Override
              void act() throws Exception {
                require(child().waitFor() == 3, "code");
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() throws Exception {
                require(child().waitFor(LIMIT) == 3, "code later");
                child().close();
              }
            };
        case COMMUNICATE ->
            new Shortage() {
              private final byte[] input = new byte[100_000];

              @Override
              void act() throws Exception {
                require(Arrays.equals(child().communicate(input).stdout(), input), "output");
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() throws Exception {
                Output<byte[]> output;
                try {
                  output = child().communicate(input, LIMIT);
                } catch (IllegalStateException e) { // it was fixed before memory ran out
                  output = child().communicate(LIMIT);
                }
                require(Arrays.equals(output.stdout(), input), "output later");
                child().close();
              }
            };
        case ON_EXIT ->
            new Shortage() {
              private @Nullable CompletableFuture<?> future;

              @Override
              void prepare() throws Exception {
                child = Command.of("sleep", ".01").start();
              }

              @Override
              void act() throws Exception {
                future = child().onExit();
                child().waitFor();
              }

              @Override
              boolean kills() {
                return false;
              }

              @Override
              void check() throws Exception {
                child().waitFor(LIMIT);
                child().close();
                OwnChildren.await("future", () -> future == null || future.isDone());
              }
            };
      };
    }
  }

  /** A call without a child of its own. */
  private static final class OneShotShortage extends Shortage {
    interface Run {
      void run() throws Exception;
    }

    private final Run run;

    OneShotShortage(Run run) {
      this.run = run;
    }

    @Override
    void prepare() {}

    @Override
    void act() throws Exception {
      run.run();
    }

    // What follows the start of the process is still enumerated.
    @Override
    int skipped() throws Exception {
      AllocationPoints.failOnce(Integer.MAX_VALUE);
      Popen<byte[]> started = SLEEP.start();
      int count = AllocationPoints.count();
      AllocationPoints.heal();
      end(started);
      return Math.max(0, count - 50);
    }

    @Override
    void check() {}
  }

  /** Closes a child that another thread uses. */
  private static final class During extends Shortage {
    interface Use {
      void on(Popen<byte[]> child) throws Exception;
    }

    private final boolean virtual;
    private final Use use;
    private Thread user = Thread.currentThread();

    During(boolean virtual, Use use) {
      this.virtual = virtual;
      this.use = use;
    }

    @Override
    void prepare() throws Exception {
      child = SLEEP.killOnClose().start();
      Runnable body =
          () -> {
            try {
              use.on(child());
            } catch (Exception | OutOfMemoryError e) {
              // closed meanwhile
            }
          };
      user = virtual ? Thread.startVirtualThread(body) : Thread.ofPlatform().start(body);
      OwnChildren.await(
          "wait", () -> user.getState() != Thread.State.NEW && OwnChildren.waits(user));
    }

    @Override
    void act() throws Exception {
      child().close();
    }

    @Override
    void check() {
      OwnChildren.await("the other thread", () -> !user.isAlive());
    }
  }
}

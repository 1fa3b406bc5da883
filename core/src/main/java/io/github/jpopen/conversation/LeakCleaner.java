package io.github.jpopen.conversation;

import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GarbageWatch;
import io.github.jpopen.spi.Persistently;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Gives a child's resources back, at the latest when its conversation has become unreachable.
 *
 * <p>A forgotten child is not killed; the platform collects its exit. This must never refer to the
 * conversation, which would then stay reachable.
 */
final class LeakCleaner implements Runnable {
  private final String program;
  private final ChildProcess child;
  private final ChildState state;
  private volatile boolean released;
  private volatile boolean given;
  private volatile @Nullable Runnable onForgotten;
  private Cleaner.@Nullable Cleanable cleanable;

  private LeakCleaner(String program, ChildProcess child, ChildState state) {
    this.program = program;
    this.child = child;
    this.state = state;
  }

  /**
   * Watches an owner.
   *
   * @param owner the conversation
   */
  static LeakCleaner watch(Object owner, String program, ChildProcess child, ChildState state) {
    LeakCleaner cleaner = new LeakCleaner(program, child, state);
    cleaner.cleanable = GarbageWatch.register(owner, cleaner);
    return cleaner;
  }

  /** Sets what runs after the child was forgotten; it must not refer to the owner. */
  void onForgotten(Runnable action) {
    onForgotten = action;
  }

  /** Gives everything back now; no warning is logged. */
  void release() {
    released = true;
    giveBack(); // if there is no memory for long, the garbage collector tries again
    if (cleanable != null) {
      cleanable.clean();
    }
  }

  @Override
  public void run() {
    giveBack();
    if (!released) {
      WarningLog.warn(
          "child {0} ({1}) was forgotten: close it, or communicate with it to the end",
          Long.toString(child.pid()), program);
      Runnable action = onForgotten;
      if (action != null) {
        action.run();
      }
    }
  }

  private void giveBack() {
    for (int tries = 1; !given; tries++) {
      try {
        giveBackOnce();
        given = true;
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      } catch (RuntimeException e) {
        given = true; // a mistake, which would be made again
        throw e;
      }
    }
  }

  private void giveBackOnce() {
    try {
      state.drop(); // the thread that reads a source ahead would wait for ever
    } finally {
      child.close();
    }
  }
}

package io.github.jpopen.conversation;

import io.github.jpopen.spi.ChildProcess;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * Gives a child's resources back, at the latest when nobody can reach its conversation any more.
 *
 * <p>A forgotten child is not killed; the platform collects its exit. Must never refer to the
 * conversation.
 */
final class LeakCleaner implements Runnable {
  private final String program;
  private final ChildProcess child;
  private final Runnable dropInput;
  private volatile boolean released;
  private Cleaner.@Nullable Cleanable cleanable;

  private LeakCleaner(String program, ChildProcess child, Runnable dropInput) {
    this.program = program;
    this.child = child;
    this.dropInput = dropInput;
  }

  static LeakCleaner watch(
      Conversation owner, String program, ChildProcess child, Runnable dropInput) {
    LeakCleaner cleaner = new LeakCleaner(program, child, dropInput);
    cleaner.cleanable = CleanerThread.CLEANER.register(owner, cleaner);
    return cleaner;
  }

  /** The owner is done with it. */
  void release() {
    released = true;
    if (cleanable != null) {
      cleanable.clean();
    }
  }

  @Override
  public void run() {
    dropInput.run(); // a source that is read ahead would wait for ever
    child.close();
    if (!released) {
      System.getLogger("io.github.jpopen") // looked up here: it is slow, and rarely needed
          .log(
              System.Logger.Level.WARNING,
              "child {0} ({1}) was forgotten: close it, or communicate with it to the end",
              Long.toString(child.pid()),
              program);
    }
  }

  /**
   * One thread, started with the first child: a virtual one if that is started on such, since then
   * there are carriers anyway; else a daemon. It has nothing of the thread that starts it, which it
   * would keep for ever.
   */
  private static final class CleanerThread {
    static final Cleaner CLEANER =
        Thread.currentThread().isVirtual()
            ? Cleaner.create(
                Thread.ofVirtual()
                    .name("jpopen-cleaner")
                    .inheritInheritableThreadLocals(false)
                    .factory())
            : Cleaner.create();
  }
}

package io.github.jpopen.concurrent;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Persistently;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Blocking tasks that run at the same time, because each may need another one's progress. The first
 * runs on the calling thread, each other one on a thread of its own.
 *
 * <p>A virtual thread has virtual threads run them. If these get no carrier soon, because the
 * caller is pinned to the only one, platform threads do it.
 *
 * <p>A task may run code of users. So its thread inherits from the calling thread, as if the task
 * ran there.
 */
public final class SideBySide {
  private static final long PATIENCE_MILLIS = 20;

  /** One of them. */
  public interface Task {
    /**
     * Runs once.
     *
     * @throws IOException ends all
     * @throws InterruptedException if the thread was interrupted; ends all
     */
    void run() throws IOException, InterruptedException;
  }

  private final String threadName;
  private final Runnable stop;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Worker> workers = new ArrayList<>(); // changed before one of them is started
  private volatile boolean interrupts;
  private final CountDownLatch begun;
  private final CountDownLatch left;

  private SideBySide(String threadName, int others, Runnable stop) {
    this.threadName = threadName;
    this.stop = stop;
    this.begun = new CountDownLatch(others);
    this.left = new CountDownLatch(others);
  }

  /**
   * Runs all of them, and returns when all are over.
   *
   * @param threadName of the other threads
   * @param tasks at least one; the first runs here
   * @param stop makes all tasks return soon; called on any thread when one has failed or this
   *     thread was interrupted. May be called again
   * @throws IOException the first failure
   * @throws InterruptedException if this thread was interrupted before a task failed. The threads
   *     of the other tasks were interrupted as well: they may be in code of users
   */
  public static void run(String threadName, List<? extends Task> tasks, Runnable stop)
      throws IOException, InterruptedException {
    if (tasks.size() == 1) {
      tasks.getFirst().run();
      return;
    }
    new SideBySide(threadName, tasks.size() - 1, stop).run(tasks);
  }

  private void run(List<? extends Task> tasks) throws IOException, InterruptedException {
    boolean started = start(tasks.subList(1, tasks.size()));
    if (started) {
      try {
        tasks.getFirst().run();
      } catch (Throwable e) {
        failed(e);
      }
    }
    join();
    Throwable first = failure.get();
    if (first != null) {
      rethrow(first);
    }
  }

  private static void rethrow(Throwable first) throws IOException, InterruptedException {
    switch (first) {
      case IOException e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }

  private boolean start(List<? extends Task> others) {
    for (Task task : others) {
      workers.add(new Worker(task));
    }
    boolean virtual = Thread.currentThread().isVirtual();
    try {
      for (Worker worker : workers) {
        OwnThreads.start(virtual ? OwnThreads.virtualHeir(threadName, worker) : platform(worker));
      }
      if (virtual && !haveBegun()) {
        for (Worker worker : workers) {
          OwnThreads.start(platform(worker)); // does nothing if the other thread has begun
        }
      }
      return true;
    } catch (Throwable e) { // an Error says that there is no memory for a thread
      failed(e);
      workers.forEach(Worker::giveUp);
      return false;
    }
  }

  private Thread platform(Worker worker) {
    return OwnThreads.heir(threadName, worker);
  }

  private boolean haveBegun() {
    try {
      return begun.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the task of this thread finds it
      return false;
    }
  }

  /** On any thread. Only the first failure counts, but an interrupt is never lost. */
  private void failed(Throwable e) {
    boolean first = failure.compareAndSet(null, e);
    if (!first && e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    Persistently.run(stop);
    if (first && e instanceof InterruptedException) {
      interruptOthers();
    }
  }

  private void interruptOthers() {
    interrupts = true; // first: a thread that comes later looks at it
    for (Worker worker : workers) {
      worker.interrupt();
    }
  }

  private void join() {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        break;
      } catch (InterruptedException e) {
        if (failure.get() == null) {
          failed(e);
        } else {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs one task, on the first thread that comes. */
  private final class Worker implements Runnable {
    private final Task task;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile @Nullable Thread runner;

    Worker(Task task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!claimed.compareAndSet(false, true)) {
        return;
      }
      runner = Thread.currentThread();
      if (interrupts) {
        Thread.currentThread().interrupt();
      }
      begun.countDown();
      try {
        task.run();
      } catch (Throwable e) {
        failed(e);
      } finally {
        left.countDown();
      }
    }

    /** Interrupts its thread, which does nothing else than this task. */
    void interrupt() {
      Thread thread = runner;
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** It need not run any longer. */
    void giveUp() {
      if (claimed.compareAndSet(false, true)) {
        left.countDown();
      }
    }
  }
}

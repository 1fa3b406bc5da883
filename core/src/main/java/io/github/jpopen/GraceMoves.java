package io.github.jpopen;

import io.github.jpopen.concurrent.SideBySide;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Moves the bytes of all stages of a pipeline while they have time to end. A stage that writes its
 * last output must not wait for a reader.
 */
final class GraceMoves {
  private final PipelineSettings settings;
  private final List<? extends Popen<?>> children;
  private final int together;

  /** Nothing is moved any longer. */
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** No stage writes to the common stderr any longer. */
  private final AtomicBoolean unshared = new AtomicBoolean();

  /** How many stages may write to the common stderr, except for the one that has the pipe. */
  private final AtomicInteger sharing = new AtomicInteger();

  private final Deadline end;
  private final Deadline endOfSharing;

  GraceMoves(PipelineSettings settings, List<? extends Popen<?>> children, Deadline deadline) {
    this.settings = settings;
    this.children = children;
    this.together = settings.firstTogether();
    this.end = deadline.orOnce(stopped);
    this.endOfSharing = deadline.orOnce(unshared);
  }

  /**
   * Returns when all have ended, or the deadline has passed.
   *
   * @throws OutOfMemoryError if there is no thread for one of them
   */
  void run() throws InterruptedException {
    List<SideBySide.Task> tasks = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      int stage = i; // one that was not asked may have to read what another one writes
      if (i == together) {
        tasks.add(this::moveCommon);
      } else if (settings.sharesStderr(i)) {
        sharing.incrementAndGet();
        tasks.add(() -> moveSharing(stage));
      } else if (settings.isTalking(i)) {
        tasks.add(() -> move(stage));
      }
    }
    if (sharing.get() == 0) {
      unshared.set(true);
    }
    if (tasks.isEmpty()) {
      return;
    }
    try {
      SideBySide.run("jpopen-pipeline", tasks, this::stop);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // no task throws it
    }
  }

  private void move(int stage) throws InterruptedException {
    children.get(stage).ender().moveUntilEnd(end);
  }

  private void moveSharing(int stage) throws InterruptedException {
    try {
      move(stage);
    } finally {
      if (sharing.decrementAndGet() == 0) {
        unshared.set(true);
        conversation(together).lookAgain();
      }
    }
  }

  /** Reads the common stderr for as long as a stage may write to it. */
  private void moveCommon() throws InterruptedException {
    move(together);
    try {
      boolean _ = conversation(together).awaitAllMoving(endOfSharing);
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // the kill that follows reports
    }
  }

  private void stop() {
    stopped.set(true);
    unshared.set(true);
    for (int i = 0; i < children.size(); i++) {
      conversation(i).lookAgain();
    }
  }

  private Conversation conversation(int stage) {
    return children.get(stage).communicator().conversation();
  }
}

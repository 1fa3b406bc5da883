package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one real child did while it was recorded. Thread-safe. */
public final class Take {
  private final List<Act> acts = new ArrayList<>();
  private long last = System.nanoTime();
  private int fatal = -1; // where the signal is that no program survives
  private @Nullable Termination ended;
  private @Nullable SpawnRefused refused;

  /** Makes one of a child that has done nothing yet. */
  public Take() {}

  /**
   * What it did, with the pauses between, in whole milliseconds. The end comes last, even if core
   * saw it before the last output, or if another process has written that.
   *
   * @return a copy; without an end if there was none
   */
  public synchronized List<Act> acts() {
    List<Act> all = new ArrayList<>();
    for (Act act : acts) {
      if (!(act instanceof Act.Close) || isFollowedByAWait(act)) {
        all.add(act);
      }
    }
    if (ended != null) {
      all.add(new Act.End(ended));
    }
    return all;
  }

  /** If so, the end of the stream does not come from the end of the child. */
  private boolean isFollowedByAWait(Act close) {
    return ended == null
        || acts.subList(acts.indexOf(close), acts.size()).stream()
            .anyMatch(act -> act instanceof Act.ReadBytes || act instanceof Act.AwaitSignal);
  }

  /**
   * Why it could not be started.
   *
   * @return null if it could
   */
  public synchronized @Nullable SpawnRefused refused() {
    return refused;
  }

  synchronized void refuse(SpawnRefused by) {
    refused = by;
  }

  synchronized void wrote(StreamKind stream, byte[] bytes) {
    Act write = new Act.Write(stream, bytes);
    if (fatal < 0) {
      add(write);
    } else { // it was in the pipe before
      acts.add(fatal++, write);
    }
  }

  synchronized void closed(StreamKind stream) {
    add(new Act.Close(stream));
  }

  synchronized void read(long bytes) {
    if (!acts.isEmpty() && acts.getLast() instanceof Act.ReadBytes(long before)) {
      acts.set(acts.size() - 1, new Act.ReadBytes(before + bytes));
    } else {
      add(new Act.ReadBytes(bytes));
    }
  }

  synchronized void signal(int number, boolean isFatal) {
    if (ended != null || fatal >= 0) {
      return;
    }
    add(new Act.AwaitSignal(number));
    if (isFatal) {
      fatal = acts.size() - 1;
    }
  }

  synchronized void ended(Termination how) {
    pause();
    ended = how;
  }

  private void add(Act act) {
    pause();
    acts.add(act);
  }

  private void pause() {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last);
    last = System.nanoTime();
    if (millis > 0) {
      acts.add(new Act.Pause(Duration.ofMillis(millis)));
    }
  }
}

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
  private @Nullable SpawnRefused refused;

  /** Makes one of a child that has done nothing yet. */
  public Take() {}

  /**
   * What it did, with the pauses between, in whole milliseconds.
   *
   * @return a copy
   */
  public synchronized List<Act> acts() {
    return List.copyOf(acts);
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
    add(new Act.Write(stream, bytes));
  }

  synchronized void read(long bytes) {
    if (!acts.isEmpty() && acts.getLast() instanceof Act.ReadBytes(long before)) {
      acts.set(acts.size() - 1, new Act.ReadBytes(before + bytes));
    } else {
      add(new Act.ReadBytes(bytes));
    }
  }

  synchronized void ended(Termination how) {
    add(new Act.End(how));
  }

  private void add(Act act) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last);
    last = System.nanoTime();
    if (millis > 0) {
      acts.add(new Act.Pause(Duration.ofMillis(millis)));
    }
    acts.add(act);
  }
}

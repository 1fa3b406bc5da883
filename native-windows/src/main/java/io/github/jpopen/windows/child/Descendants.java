package io.github.jpopen.windows.child;

import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.Uninterrupted;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a child without a job has started, as far as it can be found by parenthood. The child must
 * keep its id meanwhile, by an open handle.
 */
final class Descendants {
  /** Knows whether the child has ended. */
  interface Ending {
    boolean hasEnded() throws IOException;
  }

  private static final long PAUSE_NANOS = 2_000_000;

  private final Set<ProcessHandle> found = new LinkedHashSet<>();

  /**
   * Looks until there are no more, at least once.
   *
   * <p>A look does not count if the child has ended by then. The JDK compares start times only if
   * it sees the child, and an older process may name a parent whose id the child has now.
   */
  void find(ProcessHandle child, Ending ending, Deadline deadline) throws IOException {
    boolean more;
    do {
      List<ProcessHandle> now = child.descendants().toList();
      more = !ending.hasEnded() && found.addAll(now);
    } while (more && !deadline.hasPassed());
  }

  /**
   * Ends those that were found, and waits for them and the child.
   *
   * @param refused whether the child could not be ended, so that waiting for it is in vain
   * @return those that live at the deadline, the child among them
   */
  List<ProcessHandle> kill(ProcessHandle child, boolean refused, Deadline deadline) {
    for (ProcessHandle process : found) {
      boolean _ = process.destroyForcibly();
    }
    if (!refused) {
      boolean _ = found.add(child);
    }
    while (found.stream().anyMatch(ProcessHandle::isAlive) && !deadline.hasPassed()) {
      Uninterrupted.pause(PAUSE_NANOS);
    }
    boolean _ = found.add(child);
    return found.stream().filter(ProcessHandle::isAlive).toList();
  }
}

package io.github.jpopen.posix.tree;

import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.wait.PollContexts;
import io.github.jpopen.posix.wait.Poller;
import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one child has started. Thread-safe: each call looks anew. */
public final class ProcessTree {
  private static final long UNKNOWN = -1;

  private final Services services;
  private final ChildIdentity child;
  private final long childStart;

  /** What the last look has found. A number stays ours as long as one of them has it. */
  private volatile List<ProcessStat> known = List.of();

  private volatile Set<ProcessHandle> knownHandles = Set.of();

  private ProcessTree(Services services, ChildIdentity child, long childStart) {
    this.services = services;
    this.child = child;
    this.childStart = childStart;
  }

  /** What all trees of this process share. */
  public record Services(
      Posix posix, ProcessDescriptors descriptors, PollContexts contexts, Poller poller) {}

  /** The tree of a child. Notes when it was started, unless its exit was collected already. */
  public static ProcessTree of(Services services, ChildIdentity child) {
    long start = UNKNOWN;
    if (services.posix().hasProcFiles()) {
      try {
        ProcessStat stat = new ProcFiles().stat(child.pid());
        start = stat == null || !child.isHeld().getAsBoolean() ? UNKNOWN : stat.start();
      } catch (IOException e) { // every process may be younger than the child
        start = UNKNOWN;
      }
    }
    return new ProcessTree(services, child, start);
  }

  /** Looks, because the number of the child may soon not be its own any longer. */
  public void note() {
    try (LinuxTree tree = open()) {
      if (tree != null) {
        known = tree.look();
      } else {
        knownHandles = handles().look();
      }
    } catch (IOException e) { // then what has the token can still be found
    }
  }

  /**
   * Kills all.
   *
   * @return those that are known to have survived
   */
  public List<ProcessHandle> kill(Deadline deadline) throws IOException {
    try (LinuxTree tree = open()) {
      return tree == null ? handles().kill(deadline) : tree.kill(deadline);
    }
  }

  /**
   * Waits until none is left.
   *
   * @return false if the deadline passed first
   */
  public boolean await(Deadline deadline) throws IOException, InterruptedException {
    try (LinuxTree tree = open()) {
      return tree == null ? handles().await(deadline) : tree.await(deadline);
    }
  }

  /** Whether this system shows all processes, so that a cgroup can be looked into. */
  public static boolean isUsable(Posix posix) {
    return posix.hasProcFiles() && new ProcFiles().isUsable();
  }

  private HandleTree handles() {
    return new HandleTree(services.posix(), child, knownHandles);
  }

  private @Nullable LinuxTree open() {
    ProcFiles proc = new ProcFiles();
    if (!services.posix().hasProcFiles() || !proc.isUsable()) {
      return null;
    }
    return new LinuxTree(
        services.posix(),
        services.descriptors(),
        proc,
        new Membership(proc, child, childStart, known),
        new EndWait(services.posix(), services.contexts(), services.poller()));
  }
}

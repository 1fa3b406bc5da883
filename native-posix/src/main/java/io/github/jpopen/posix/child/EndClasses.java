package io.github.jpopen.posix.child;

import io.github.jpopen.posix.wait.WaitClasses;

/** What a child needs from its start to its end. */
public final class EndClasses {
  private EndClasses() {}

  /** Loads them in advance. */
  public static void load() {
    WaitClasses.load();
    Class<?>[] _ = {WaitidThread.class, ChildUsage.class, PipeGrowth.class};
  }
}

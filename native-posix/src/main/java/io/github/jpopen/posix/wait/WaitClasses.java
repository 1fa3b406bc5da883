package io.github.jpopen.posix.wait;

/** What a wait needs. */
public final class WaitClasses {
  private WaitClasses() {}

  /** Loads them in advance. */
  public static void load() {
    Class<?>[] _ = {
      PollContext.class, InterruptHook.class, WakeDescriptor.class, Registration.class,
    };
  }
}

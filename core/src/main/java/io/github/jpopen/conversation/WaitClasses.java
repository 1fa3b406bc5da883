package io.github.jpopen.conversation;

/** What the waits for a child and its end need. */
public final class WaitClasses {
  private WaitClasses() {}

  /**
   * Loads them in advance.
   *
   * @throws NoClassDefFoundError if one cannot be loaded now
   */
  public static void load() {
    Class<?>[] _ = {
      Stepper.Role.class,
      Stepper.Waiting.class,
      Stepper.Outcome.class,
      Completion.class,
      Outcome.class,
      CommunicateGate.Turn.class,
      CloseRule.Decision.class,
    };
  }
}

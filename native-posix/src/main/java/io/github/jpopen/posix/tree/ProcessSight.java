package io.github.jpopen.posix.tree;

import io.github.jpopen.spi.Condition;
import java.io.IOException;

/** What {@code /proc} shows a person of one process. */
public final class ProcessSight {
  private ProcessSight() {}

  /**
   * What a process is doing.
   *
   * @param pid the caller makes sure that it is not reused meanwhile
   */
  public static Condition of(int pid) {
    try {
      ProcessStat stat = new ProcFiles().stat(pid);
      return stat == null ? Condition.UNKNOWN : condition(stat);
    } catch (IOException | RuntimeException e) {
      return Condition.UNKNOWN;
    }
  }

  private static Condition condition(ProcessStat stat) {
    return switch (stat.state()) {
      case 'R' -> Condition.RUNNING;
      case 'S', 'I' -> Condition.WAITING;
      case 'D' -> Condition.UNINTERRUPTIBLE;
      case 'T' -> Condition.STOPPED;
      case 't' -> Condition.TRACED;
      case 'Z', 'X' -> stat.isDead() ? Condition.ENDED : Condition.ALIVE;
      default -> Condition.ALIVE;
    };
  }
}

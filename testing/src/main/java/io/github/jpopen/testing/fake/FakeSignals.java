package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.Platforms;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.Termination;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of signals, and what they do to a program. Those of this system, or those of Linux
 * where no native module is present.
 */
final class FakeSignals {
  private static final Map<String, Integer> POSIX =
      Map.ofEntries(
          Map.entry("SIGHUP", 1),
          Map.entry("SIGINT", 2),
          Map.entry("SIGQUIT", 3),
          Map.entry("SIGILL", 4),
          Map.entry("SIGTRAP", 5),
          Map.entry("SIGABRT", 6),
          Map.entry("SIGBUS", 7),
          Map.entry("SIGFPE", 8),
          Map.entry("SIGKILL", 9),
          Map.entry("SIGUSR1", 10),
          Map.entry("SIGSEGV", 11),
          Map.entry("SIGUSR2", 12),
          Map.entry("SIGPIPE", 13),
          Map.entry("SIGALRM", 14),
          Map.entry("SIGTERM", 15),
          Map.entry("SIGCHLD", 17),
          Map.entry("SIGCONT", 18),
          Map.entry("SIGSTOP", 19),
          Map.entry("SIGTSTP", 20),
          Map.entry("SIGTTIN", 21),
          Map.entry("SIGTTOU", 22),
          Map.entry("SIGURG", 23),
          Map.entry("SIGWINCH", 28));

  private static final Map<String, Integer> WINDOWS =
      Map.of("SIGKILL", 9, "SIGTERM", 15, "CTRL_C_EVENT", 63, "CTRL_BREAK_EVENT", 64);

  /** These stop a program or do nothing, unless it catches them. */
  private static final Set<String> HARMLESS =
      Set.of(
          "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGWINCH");

  /** What Windows reports of a program that did not catch a console event. */
  private static final int STATUS_CONTROL_C_EXIT = 0xC000013A;

  private final @Nullable ProcessPlatform system;
  private final boolean windows = Platforms.isWindows();

  FakeSignals(@Nullable ProcessPlatform system) {
    this.system = system;
  }

  OptionalInt number(String name) {
    if (system != null) {
      return system.signalNumber(name);
    }
    Integer number = (windows ? WINDOWS : POSIX).get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  Optional<String> name(int number) {
    if (system != null) {
      return system.signalName(number);
    }
    return (windows ? WINDOWS : POSIX)
        .entrySet().stream()
            .filter(signal -> signal.getValue() == number)
            .map(Map.Entry::getKey)
            .findFirst();
  }

  int kill() {
    return number("SIGKILL").orElse(9);
  }

  /** What a write to a pipe without a reader sends; Windows sends nothing. */
  OptionalInt brokenPipe() {
    return windows ? OptionalInt.empty() : number("SIGPIPE");
  }

  /** Whether a program can do something else than what is usual. */
  boolean canBeCaught(int number) {
    String name = name(number).orElse("");
    return !name.equals("SIGKILL")
        && !name.equals("SIGSTOP")
        && !(windows && name.equals("SIGTERM"));
  }

  /** Whether it ends a program that does not catch it. */
  boolean ends(int number) {
    return number != 0 && !HARMLESS.contains(name(number).orElse(""));
  }

  /** How a program has ended that did not catch it. */
  Termination termination(int number) {
    if (!windows) {
      return new Termination.Killed(number, false);
    }
    boolean event = name(number).orElse("").startsWith("CTRL_");
    return new Termination.Exited(event ? STATUS_CONTROL_C_EXIT : 1);
  }
}

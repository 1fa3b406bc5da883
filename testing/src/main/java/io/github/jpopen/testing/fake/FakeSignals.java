package io.github.jpopen.testing.fake;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.Termination;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The numbers of signals, and what they do to a program.
 *
 * <p>Those that every POSIX system has are known here. The others are asked of the system, or are
 * those of Linux where no native module can be used.
 */
final class FakeSignals {
  /** Linux and macOS have the same numbers for these. */
  private static final Map<String, Integer> EVERYWHERE =
      Map.ofEntries(
          Map.entry("SIGHUP", 1),
          Map.entry("SIGINT", 2),
          Map.entry("SIGQUIT", 3),
          Map.entry("SIGILL", 4),
          Map.entry("SIGTRAP", 5),
          Map.entry("SIGABRT", 6),
          Map.entry("SIGFPE", 8),
          Map.entry("SIGKILL", 9),
          Map.entry("SIGSEGV", 11),
          Map.entry("SIGPIPE", 13),
          Map.entry("SIGALRM", 14),
          Map.entry("SIGTERM", 15));

  private static final Map<String, Integer> LINUX =
      Map.ofEntries(
          Map.entry("SIGBUS", 7),
          Map.entry("SIGUSR1", 10),
          Map.entry("SIGUSR2", 12),
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

  private final RealSystem system;
  private final boolean windows = Platforms.isWindows();

  FakeSignals(RealSystem system) {
    this.system = system;
  }

  OptionalInt number(String name) {
    Integer number = (windows ? WINDOWS : EVERYWHERE).get(name);
    if (number == null) {
      ProcessPlatform real = system.get();
      if (real != null) {
        return real.signalNumber(name);
      }
      number = windows ? null : LINUX.get(name);
    }
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  Optional<String> name(int number) {
    Optional<String> name = name(number, windows ? WINDOWS : EVERYWHERE);
    if (name.isPresent()) {
      return name;
    }
    ProcessPlatform real = system.get();
    if (real != null) {
      return real.signalName(number);
    }
    return windows ? name : name(number, LINUX);
  }

  private static Optional<String> name(int number, Map<String, Integer> numbers) {
    return numbers.entrySet().stream()
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

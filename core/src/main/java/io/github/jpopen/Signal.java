package io.github.jpopen;

import io.github.jpopen.platform.Platforms;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A signal, or on Windows a console event.
 *
 * {@snippet file="ChildSnippets.java" region="signal" :
 * Command<String> waiting =
 *     Command.shell("trap 'exit 7' USR1; echo ready; sleep 60 & wait").text();
 * try (Popen<String> child = waiting.stdout(PIPE).killOnClose().start()) {
 *   child.stdoutReader().readLine(); // from now on the trap is set
 *   child.sendSignal(Signal.SIGUSR1);
 *   IO.println(child.waitFor()); // 7
 * }
 * }
 *
 * <p>Numbers differ between systems, so they are looked up on the system where the program runs.
 * Windows has {@link #SIGTERM} and {@link #SIGKILL}, which both kill the child, and the two console
 * events.
 *
 * <p>Two signals are equal if their names are equal. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Signal {
  /** The terminal hung up. */
  public static final Signal SIGHUP = new Signal("SIGHUP");

  /** Interrupted from the keyboard. */
  public static final Signal SIGINT = new Signal("SIGINT");

  /** Quit from the keyboard, with a core file. */
  public static final Signal SIGQUIT = new Signal("SIGQUIT");

  /** {@code abort(3)} was called. */
  public static final Signal SIGABRT = new Signal("SIGABRT");

  /** Ends the process; cannot be caught. */
  public static final Signal SIGKILL = new Signal("SIGKILL");

  /** Invalid memory access. */
  public static final Signal SIGSEGV = new Signal("SIGSEGV");

  /** Wrote to a pipe that has no reader. */
  public static final Signal SIGPIPE = new Signal("SIGPIPE");

  /** Asks the process to end. */
  public static final Signal SIGTERM = new Signal("SIGTERM");

  /** For the program's own use. */
  public static final Signal SIGUSR1 = new Signal("SIGUSR1");

  /** For the program's own use. */
  public static final Signal SIGUSR2 = new Signal("SIGUSR2");

  /** Stops the process; cannot be caught. A stop is not an exit. */
  public static final Signal SIGSTOP = new Signal("SIGSTOP");

  /** Continues a stopped process. */
  public static final Signal SIGCONT = new Signal("SIGCONT");

  /**
   * Windows: CTRL_C_EVENT, to the child's process group.
   *
   * <p>It needs what {@link #CTRL_BREAK} needs, and a child that has called {@code
   * SetConsoleCtrlHandler(NULL, FALSE)}. A process that is started with {@code
   * CREATE_NEW_PROCESS_GROUP} ignores this event otherwise.
   */
  public static final Signal CTRL_C = new Signal("CTRL_C_EVENT");

  /**
   * Windows: CTRL_BREAK_EVENT, to the child's process group.
   *
   * <p>It needs {@link WindowsOptions#creationFlags creationFlags(CREATE_NEW_PROCESS_GROUP)} and a
   * console that this process shares with the child. Without such a console, {@link
   * Popen#sendSignal sendSignal} throws an {@link java.io.UncheckedIOException}. The source is the
   * Win32 page of {@code GenerateConsoleCtrlEvent}.
   */
  public static final Signal CTRL_BREAK = new Signal("CTRL_BREAK_EVENT");

  private static final int HIGHEST = 64;
  private static final int LOOK_UP = -1;

  private final String name;
  private final int number;

  private Signal(String name) {
    this(name, LOOK_UP);
  }

  private Signal(String name, int number) {
    this.name = name;
    this.number = number;
  }

  /**
   * Returns the signal with a number of this system.
   *
   * @param number 0 to 64; 0 only checks whether the process exists
   * @return the signal; one without a name is called {@code SIG} and the number
   * @throws IllegalArgumentException if the number is out of range
   */
  public static Signal of(int number) {
    if (number < 0 || number > HIGHEST) {
      throw new IllegalArgumentException("signal " + number + " is not between 0 and " + HIGHEST);
    }
    return new Signal(Platforms.current().signalName(number).orElse("SIG" + number), number);
  }

  /**
   * Returns the signal with a name. It need not exist on this system until {@link #number} is
   * called. {@code TERM} and {@code sigterm} are no names.
   *
   * <p>A numbered name, such as {@code SIG34} or on Linux {@code SIGRTMIN+1}, equals the result of
   * {@link #of(int)} for its number.
   *
   * @param name as in C, for example {@code SIGWINCH}
   * @return the signal
   * @throws IllegalArgumentException if the name is empty
   */
  public static Signal of(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("signal name is empty");
    }
    OptionalInt number = counted(name);
    return number.isPresent() ? of(number.getAsInt()) : new Signal(name);
  }

  private static OptionalInt counted(String name) {
    if (name.startsWith("SIGRTM")) {
      return Platforms.current().signalNumber(name);
    }
    for (int number = 0; number <= HIGHEST; number++) {
      if (name.equals("SIG" + number)) {
        return OptionalInt.of(number);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether a program can handle it. */
  boolean asks() {
    return number != 0 && !equals(SIGKILL) && !equals(SIGSTOP);
  }

  /**
   * Returns the number of this signal on this system.
   *
   * @return 0 to 64
   * @throws UnsupportedOperationException if this system has no such signal
   */
  public int number() {
    if (number != LOOK_UP) {
      return number;
    }
    OptionalInt known = Platforms.current().signalNumber(name);
    if (known.isEmpty()) {
      throw new UnsupportedOperationException("this system has no signal " + name + nearest());
    }
    return known.getAsInt();
  }

  /** The name in C, as the end of a sentence, if only the prefix or the case is missing. */
  private String nearest() {
    String upper = name.toUpperCase(Locale.ROOT);
    for (String inC : List.of(upper, "SIG" + upper)) {
      if (Platforms.current().signalNumber(inC).isPresent()) {
        return ": it is called " + inC;
      }
    }
    return "";
  }

  /**
   * Returns the name of this signal.
   *
   * @return the name as in C, for example {@code SIGTERM}
   */
  public String name() {
    return name;
  }

  /** Whether this system has a name for it. */
  boolean isKnown() {
    return Platforms.current().signalNumber(name).isPresent();
  }

  /**
   * Compares the names.
   *
   * @param other what to compare with
   * @return whether it is a signal with the same name
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Signal signal && name.equals(signal.name);
  }

  /**
   * Returns the hash code of the name.
   *
   * @return equal for equal signals
   */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /**
   * Returns the name of this signal.
   *
   * @return the result of {@link #name}
   */
  @Override
  public String toString() {
    return name;
  }
}

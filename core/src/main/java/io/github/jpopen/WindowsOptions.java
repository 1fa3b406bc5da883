package io.github.jpopen;

import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What only Windows can do for a child.
 *
 * {@snippet file="CommandSnippets.java" region="windowsOptions" :
 * int newGroup = 0x200; // CREATE_NEW_PROCESS_GROUP
 * try (Popen<byte[]> child = server.windows(o -> o.creationFlags(newGroup)).start()) {
 *   child.sendSignal(Signal.CTRL_BREAK);
 * }
 * }
 *
 * <p>Passed to, and returned from, the function given to {@link Command#windows}. On POSIX, {@link
 * Command#start} rejects a command with any of these options.
 *
 * <p>Immutable and thread-safe: every method returns new options.
 *
 * @since 0.1
 */
@CheckReturnValue
public final class WindowsOptions {
  static final WindowsOptions NONE = new WindowsOptions(new Values());

  private static final int CREATE_NEW_PROCESS_GROUP = 0x200;

  private final Values values;

  private WindowsOptions(Values values) {
    this.values = values;
  }

  /**
   * Adds to {@code dwCreationFlags} of {@code CreateProcessW}.
   *
   * <p>jpopen adds {@code CREATE_NO_WINDOW} if this process has no console and the child inherits
   * none of its streams. No window pops up for the child then.
   *
   * @param flags as in Win32, for example {@code CREATE_NEW_PROCESS_GROUP} (0x200)
   * @return the options
   */
  public WindowsOptions creationFlags(int flags) {
    return with(v -> v.creationFlags |= flags);
  }

  /**
   * Sets {@code wShowWindow} of {@code STARTUPINFOW}.
   *
   * @param command as in Win32, for example {@code SW_HIDE} (0)
   * @return the options
   * @throws IllegalArgumentException if it does not fit in 16 bits
   */
  public WindowsOptions showWindow(int command) {
    if (command < 0 || command > 0xFFFF) {
      throw new IllegalArgumentException("show command " + command + " does not fit in 16 bits");
    }
    return with(v -> v.showWindow = OptionalInt.of(command));
  }

  /** Whether a console event can reach the child without reaching this process. */
  boolean hasOwnGroup() {
    return (values.creationFlags & CREATE_NEW_PROCESS_GROUP) != 0;
  }

  /** With a group of its own, if {@code owns}. */
  WindowsOptions withGroup(boolean owns) {
    return owns && !hasOwnGroup() ? creationFlags(CREATE_NEW_PROCESS_GROUP) : this;
  }

  /** For the platform. */
  WindowsSettings settings() {
    return values.settings();
  }

  private WindowsOptions with(Consumer<Values> change) {
    return new WindowsOptions(values.with(change));
  }

  private static final class Values extends Settings<Values> {
    private int creationFlags;
    private OptionalInt showWindow = OptionalInt.empty();

    WindowsSettings settings() {
      return new WindowsSettings(creationFlags, showWindow);
    }
  }
}

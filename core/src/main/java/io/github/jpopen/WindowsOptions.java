package io.github.jpopen;

import io.github.jpopen.spi.SpawnRequest.WindowsSettings;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What only Windows can do for a child. Immutable; every word returns a new value.
 *
 * <p>Got and given back in {@link Command#windows}. On POSIX a command with any of these is refused
 * at {@link Command#start}.
 */
@CheckReturnValue
public final class WindowsOptions {
  static final WindowsOptions NONE = new WindowsOptions(new Values());

  private final Values values;

  private WindowsOptions(Values values) {
    this.values = values;
  }

  /**
   * Adds to {@code dwCreationFlags} of {@code CreateProcessW}. jpopen itself adds {@code
   * CREATE_NO_WINDOW} where we have no console and the child inherits none of our streams: no
   * window pops up for it.
   *
   * @param flags as in Win32, for example {@code CREATE_NEW_PROCESS_GROUP}
   * @return the options
   */
  public WindowsOptions creationFlags(int flags) {
    return with(v -> v.creationFlags |= flags);
  }

  /**
   * Sets {@code wShowWindow} of {@code STARTUPINFOW}.
   *
   * @param command as in Win32, for example {@code SW_HIDE}
   * @return the options
   * @throws IllegalArgumentException if it does not fit in 16 bits
   */
  public WindowsOptions showWindow(int command) {
    if (command < 0 || command > 0xFFFF) {
      throw new IllegalArgumentException("show command " + command + " is not 16 bits wide");
    }
    return with(v -> v.showWindow = OptionalInt.of(command));
  }

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

package io.github.jpopen.posix.constants;

import io.github.jpopen.posix.ffi.macos.LibC;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The constants of macOS: those of its headers, and what the headers do not define. */
public final class MacConstants extends MacHeaders {
  /** The value of no {@code idtype_t}. */
  private static final int NONE = -1;

  /** Makes the constants. */
  public MacConstants() {}

  // The headers make it a long.
  @Override
  public int FIONREAD() {
    return (int) LibC.FIONREAD();
  }

  @Override
  public int P_PIDFD() {
    return NONE;
  }

  @Override
  public String errorName(int number) {
    return MacErrors.name(number);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    return MacSignals.number(name);
  }

  @Override
  public @Nullable String signalName(int number) {
    return MacSignals.name(number);
  }

  // getrusage(2) of macOS: bytes
  @Override
  public long peakMemory(long maxRss) {
    return maxRss;
  }
}

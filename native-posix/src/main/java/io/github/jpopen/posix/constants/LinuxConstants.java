package io.github.jpopen.posix.constants;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The constants of Linux: those of its headers, and what the headers do not define. */
public final class LinuxConstants extends LinuxHeaders {
  /** More than any C library for Linux needs; the sizes differ and are not guaranteed. */
  private static final int SPAWN_ROOM = 1024;

  /** Makes the constants. */
  public LinuxConstants() {}

  @Override
  public String errorName(int number) {
    return LinuxErrors.name(number);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    return LinuxSignals.number(name);
  }

  @Override
  public @Nullable String signalName(int number) {
    return LinuxSignals.name(number);
  }

  @Override
  public int sizeOfSpawnActions() {
    return SPAWN_ROOM;
  }

  @Override
  public int sizeOfSpawnAttributes() {
    return SPAWN_ROOM;
  }

  // getrusage(2) of Linux: kilobytes
  @Override
  public long peakMemory(long maxRss) {
    return maxRss << 10;
  }

  // Until its execve(2) a child of vfork(2) runs in the memory of its parent, which Linux counts.
  @Override
  public boolean peakIncludesStarter() {
    return true;
  }
}

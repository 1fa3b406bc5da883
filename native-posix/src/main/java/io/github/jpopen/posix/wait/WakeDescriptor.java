package io.github.jpopen.posix.wait;

import io.github.jpopen.posix.libc.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Ends a wait from another thread: an {@code eventfd}, or a pipe to ourselves where the system has
 * none.
 *
 * <p>Both ends of the pipe are non-blocking. A full one is as good as one more byte, and the thread
 * that wakes takes what there is. The owner makes sure that no thread signals once it is closed.
 */
public final class WakeDescriptor {
  private static final int NONE = -1;
  private static final int ROOM = 512;

  private final Posix posix;
  private final MemorySegment one = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
  private final MemorySegment room = Arena.ofAuto().allocate(ROOM, Long.BYTES);
  private int reading = NONE;
  private int writing = NONE;

  /** Opens it; may be {@linkplain #isMissing missing} for want of a descriptor. */
  public WakeDescriptor(Posix posix) {
    this.posix = posix;
    one.set(ValueLayout.JAVA_LONG, 0, 1);
    int result = posix.eventCounter();
    if (result >= 0) {
      reading = result;
      writing = result;
    } else if (result == -posix.constants().ENOSYS()) {
      openPipe();
    }
  }

  private void openPipe() {
    if (posix.pipe(room) < 0) {
      return;
    }
    reading = room.get(ValueLayout.JAVA_INT, 0);
    writing = room.get(ValueLayout.JAVA_INT, Integer.BYTES);
    if (posix.setNonBlocking(reading) < 0 || posix.setNonBlocking(writing) < 0) {
      close();
    }
  }

  public boolean isMissing() {
    return reading == NONE;
  }

  /** What becomes readable. */
  public int descriptor() {
    return reading;
  }

  /** Ends the wait, or the next one. Never blocks. */
  public void signal() {
    // If it is full it is readable, too, and EAGAIN is as good.
    posix.write(writing, one, Long.BYTES);
  }

  /** Takes the signals that came so far. */
  public void clear() {
    // A counter is read at once, and refuses less than eight bytes only. A pipe may hold more than
    // the room: what is left ends the next wait, too.
    posix.read(reading, room, ROOM);
  }

  /**
   * Other code has closed one end. Its number may be another file's by now, so it is not touched
   * again.
   *
   * @param readingEnd which one
   */
  void lose(boolean readingEnd) {
    if (writing != reading) {
      Closing.close(posix, readingEnd ? writing : reading);
    }
    reading = NONE;
    writing = NONE;
  }

  public void close() {
    if (reading != NONE) {
      if (writing != reading) {
        Closing.close(posix, writing);
      }
      Closing.close(posix, reading);
      reading = NONE;
      writing = NONE;
    }
  }
}

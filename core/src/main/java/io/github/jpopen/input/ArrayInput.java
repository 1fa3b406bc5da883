package io.github.jpopen.input;

import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;

/**
 * A {@link ByteArrayInputStream} as input. It never waits, so the thread that moves the bytes reads
 * it piece by piece, and no other thread is needed.
 */
public final class ArrayInput extends InputSource {
  private static final int PIECE = 64 * 1024;

  private final ByteArrayInputStream source;
  private final Runnable unused;
  private byte[] piece = new byte[0];
  private MemorySegment pending = NOTHING;
  private boolean asked;

  /**
   * Takes over a stream.
   *
   * @param source read until its end; left open, because closing it has no effect
   * @param unused run if not a byte of it was asked for
   */
  public ArrayInput(ByteArrayInputStream source, Runnable unused) {
    this.source = source;
    this.unused = unused;
  }

  @Override
  public void begin(Runnable arrival) {
    asked = true;
  }

  @Override
  public MemorySegment pending() {
    int length = pending.byteSize() > 0 ? 0 : Math.min(PIECE, source.available());
    if (length > 0) {
      if (piece.length < length) {
        piece = new byte[length];
      }
      int n = source.read(piece, 0, length);
      pending = n <= 0 ? NOTHING : MemorySegment.ofArray(piece).asSlice(0, n);
    }
    return pending;
  }

  @Override
  public void accepted(long bytes) {
    pending = pending.asSlice(bytes);
  }

  @Override
  public long unsent() {
    return pending.byteSize() + source.available();
  }

  @Override
  public boolean isExhausted() {
    return pending.byteSize() == 0 && source.available() == 0; // takes nothing from it
  }

  @Override
  public void close() {
    if (!asked) {
      unused.run();
    }
  }
}

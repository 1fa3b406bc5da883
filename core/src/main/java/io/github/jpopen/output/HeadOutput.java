package io.github.jpopen.output;

import java.lang.foreign.MemorySegment;

/** The first bytes of an output. The others are read, counted and discarded. */
final class HeadOutput extends KeptOutput {
  private static final int SURPLUS = 64 * 1024;

  /** What happens once they have come. */
  enum Then {
    /** The others are discarded. */
    DISCARD,
    /** Another byte is an error. */
    FAIL,
    /** Nothing more is read. */
    CLOSE
  }

  private final Then then;
  private final long limit;
  private long omitted;
  private MemorySegment surplus = MemorySegment.NULL; // made when it is needed

  HeadOutput(OutputBuffer kept, Then then, long limit) {
    super(kept);
    this.then = then;
    this.limit = limit;
  }

  /** Whether the next byte is not kept. */
  boolean isHeadFull() {
    return kept.size() >= limit;
  }

  @Override
  public MemorySegment room() {
    if (!isHeadFull()) {
      MemorySegment room = kept.room();
      return room.asSlice(0, Math.min(room.byteSize(), limit - kept.size()));
    }
    if (surplus.byteSize() == 0) {
      surplus = MemorySegment.ofArray(new byte[SURPLUS]);
    }
    return surplus;
  }

  @Override
  void added(long bytes) {
    if (isHeadFull()) {
      omitted += bytes;
    } else {
      kept.added(bytes);
    }
  }

  @Override
  public long omitted() {
    return omitted;
  }

  @Override
  public boolean isOverLimit() {
    return then == Then.FAIL && omitted > 0;
  }

  @Override
  public boolean isEnough() {
    return then == Then.CLOSE && isHeadFull();
  }

  @Override
  public long gap() {
    return omitted == 0 ? Snapshot.NO_GAP : size();
  }
}

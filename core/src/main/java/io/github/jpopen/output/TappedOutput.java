package io.github.jpopen.output;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An output that consumers get while it comes. What they have got is kept in another buffer.
 *
 * <p>What they have not got yet has a bound. Beyond it nothing is read from the child, so a slow
 * consumer slows the child.
 */
public final class TappedOutput extends OutputBuffer {
  private static final int BOUND = 256 * 1024;

  private final OutputBuffer kept;
  private final List<OutputTap> taps;
  private final ChunkedOutput waiting = new ChunkedOutput();
  private boolean ended;
  private boolean finished;
  private boolean stopped;
  private @Nullable Thread deliverer;

  /**
   * An output with consumers.
   *
   * @param kept empty; where the bytes go once the consumers have them
   * @param taps the consumers
   */
  public TappedOutput(OutputBuffer kept, List<OutputTap> taps) {
    this.kept = kept;
    this.taps = taps;
  }

  /**
   * The consumers.
   *
   * @return in the order in which they get a piece; empty after {@link #stop}
   */
  public List<OutputTap> taps() {
    return stopped ? List.of() : taps;
  }

  /**
   * A thread begins to deliver, or has stopped.
   *
   * @param thread null for none
   */
  public void setDeliverer(@Nullable Thread thread) {
    deliverer = thread;
  }

  /** No consumer gets anything from now on. */
  public void stop() {
    stopped = true;
  }

  /**
   * Whether a consumer threw or took long before it had everything.
   *
   * @return true if it is to get the rest
   */
  public boolean isBehind() {
    for (OutputTap tap : taps()) {
      if (tap.isBehind()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether there is something for a consumer: bytes, what it left, or the end.
   *
   * @return false once it has the end
   */
  public boolean hasWork() {
    return waiting.size() > 0 || isBehind() || (ended && !finished);
  }

  /**
   * The end is to be handed out, once.
   *
   * @param early whether even before it came
   * @return false if it was, or if there is something to be handed out before it
   */
  public boolean takeEnd(boolean early) {
    boolean ends = !finished && (early || (ended && waiting.size() == 0 && !isBehind()));
    finished |= ends;
    return ends;
  }

  @Override
  public boolean isDelivered() {
    boolean others = deliverer != null && !deliverer.equals(Thread.currentThread());
    return !others && !hasWork();
  }

  /**
   * Takes bytes that the consumers are to get now, and keeps them.
   *
   * @param into where to
   * @return how many there are; 0 if none wait
   */
  public int take(byte[] into) {
    int n = waiting.peek(0, into, 0, into.length);
    int done = kept.isKept() ? keep(into, n) : n;
    waiting.consume(kept.isEnough() ? waiting.size() : done);
    return done;
  }

  private int keep(byte[] bytes, int length) {
    int done = 0;
    try {
      while (done < length && !kept.isEnough()) {
        MemorySegment room = kept.room();
        int part = (int) Math.min(room.byteSize(), length - done);
        MemorySegment.copy(bytes, done, room, ValueLayout.JAVA_BYTE, 0, part);
        kept.received(part);
        done += part;
      }
    } catch (OutOfMemoryError e) {
      if (done == 0) {
        throw e; // else the next call meets it again
      }
    }
    return done;
  }

  /**
   * Ends what is kept if all of it has come and was taken. The consumers get what was taken last,
   * even if this throws.
   *
   * @throws IOException if not all could be kept
   */
  public void endIfTaken() throws IOException {
    if (ended && waiting.size() == 0) {
      kept.ended();
    }
  }

  @Override
  public boolean isFull() {
    return waiting.size() >= BOUND;
  }

  @Override
  @Nullable Window front(@Nullable Charset text) {
    return null;
  }

  @Override
  public MemorySegment room() {
    return waiting.room();
  }

  @Override
  void added(long bytes) {
    waiting.added(bytes);
  }

  @Override
  long unconsumed() {
    return waiting.size();
  }

  @Override
  int copy(long from, byte[] into, int offset, int length) {
    return waiting.copy(from, into, offset, length);
  }

  @Override
  void drop(long bytes) {
    waiting.drop(bytes);
  }

  @Override
  public void ended() throws IOException {
    ended = true;
    endIfTaken();
  }

  @Override
  public boolean isTapped() {
    return true;
  }

  @Override
  public OutputBuffer destination() {
    return kept;
  }

  @Override
  Snapshot kept() {
    return kept.snapshot();
  }

  @Override
  byte[] joined() {
    return kept.joined();
  }

  @Override
  public boolean isOverLimit() {
    return kept.isOverLimit();
  }

  @Override
  public @Nullable IOException failure() {
    return kept.failure();
  }

  @Override
  public boolean isEnough() {
    return kept.isEnough();
  }

  @Override
  public boolean isStreamable() {
    return false;
  }

  @Override
  public void close() {
    stopped = true; // a thread that delivers now finds nothing more
    finished = true;
    waiting.discard();
    kept.close();
    for (OutputTap tap : taps) {
      try {
        tap.close();
      } catch (IOException e) {
        // The call has ended: there is nothing to report it to.
      }
    }
  }

  @Override
  public void discard() {
    kept.discard();
  }

  @Override
  public boolean isAccessibleBy(Thread thread) {
    return kept.isAccessibleBy(thread);
  }
}

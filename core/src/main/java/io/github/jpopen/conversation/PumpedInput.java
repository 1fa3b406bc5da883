package io.github.jpopen.conversation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A stream as input, read ahead by a thread of its own, so that a slow source never holds up the
 * thread that moves bytes. An error of the source is kept apart from its end: the child never sees
 * it as end of file.
 */
public final class PumpedInput extends InputSource {
  private static final int CHUNK = 64 * 1024;
  private static final int READ_AHEAD = 4;
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  private final InputStream source;
  private final boolean closeSource;
  private final BlockingQueue<MemorySegment> chunks = new ArrayBlockingQueue<>(READ_AHEAD);
  private MemorySegment current = NOTHING;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread pump;

  /**
   * Input from a stream.
   *
   * @param source read until its end
   * @param closeSource whether the stream is ours to close
   */
  public PumpedInput(InputStream source, boolean closeSource) {
    this.source = source;
    this.closeSource = closeSource;
  }

  @Override
  public void begin(Runnable arrival) {
    pump = Thread.ofVirtual().name("jpopen-input").start(() -> pump(arrival));
  }

  @SuppressWarnings("CatchingUnchecked") // whatever the source throws is the caller's to see
  private void pump(Runnable arrival) {
    try {
      byte[] buffer = new byte[CHUNK];
      int n;
      while ((n = source.read(buffer)) >= 0) {
        if (n > 0) {
          byte[] chunk = new byte[n];
          System.arraycopy(buffer, 0, chunk, 0, n);
          chunks.put(MemorySegment.ofArray(chunk));
          arrival.run();
        }
      }
      ended = true;
    } catch (InterruptedException e) {
      return; // closed: nobody wants the rest
    } catch (Throwable e) {
      failure = e;
    } finally {
      closeSource();
      arrival.run();
    }
  }

  private void closeSource() {
    if (closeSource) {
      try {
        source.close();
      } catch (IOException e) {
        // It was only read: nothing can be lost.
      }
    }
  }

  @Override
  public MemorySegment pending() {
    if (current.byteSize() == 0) {
      MemorySegment next = chunks.poll();
      current = next == null ? NOTHING : next;
    }
    return current;
  }

  @Override
  public void accepted(long bytes) {
    current = current.asSlice(bytes);
  }

  @Override
  public boolean isExhausted() {
    boolean last = ended; // read first: the pump sets it after its last chunk
    return last && pending().byteSize() == 0;
  }

  /** What came before the failure is sent first. */
  @Override
  public @Nullable Throwable failure() {
    Throwable e = failure;
    return e != null && pending().byteSize() == 0 ? e : null;
  }

  @Override
  public void close() {
    Thread thread = pump;
    if (thread == null) {
      closeSource(); // never begun
    } else {
      thread.interrupt();
    }
  }
}

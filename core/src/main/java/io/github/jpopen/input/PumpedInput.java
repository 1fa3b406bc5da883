package io.github.jpopen.input;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Persistently;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A stream as input, read ahead by a thread of its own, so that a slow source never holds up the
 * thread that moves bytes. An error of the source is kept apart from its end: the child never sees
 * it as end of file.
 */
public final class PumpedInput extends InputSource {
  private static final int CHUNK = 64 * 1024;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int READ_AHEAD = 4;

  /** Gives the stream. */
  public interface Opener {
    /**
     * Called once, on the thread that will read.
     *
     * @return the stream
     * @throws IOException if it cannot be opened
     */
    InputStream open() throws IOException;
  }

  private enum Owner {
    /** The stream is the caller's: it stays open. */
    CALLER,
    /** The stream is ours: it is closed after the last read. */
    INPUT
  }

  private final Owner owner;
  private final @Nullable Opener opener;
  private final Runnable unused;
  private final Queue<MemorySegment> chunks = new ConcurrentLinkedQueue<>();
  private final Semaphore room = new Semaphore(READ_AHEAD);
  private MemorySegment current = NOTHING;
  private volatile @Nullable InputStream source;
  private volatile boolean unwanted;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread pump;

  /** Gone after {@link #close}: the pump may wait for a silent source for ever. */
  private volatile @Nullable Runnable arrival;

  private PumpedInput(
      Owner owner, @Nullable InputStream source, @Nullable Opener opener, Runnable unused) {
    this.owner = owner;
    this.source = source;
    this.opener = opener;
    this.unused = unused;
  }

  /**
   * Input from a stream of the caller, which is left open.
   *
   * @param source read until its end
   * @param unused run if not a byte of it was asked for
   * @return the input
   */
  public static PumpedInput leftOpen(InputStream source, Runnable unused) {
    return new PumpedInput(Owner.CALLER, source, null, unused);
  }

  /**
   * Input from a stream that is closed at its end, or when the rest is not wanted.
   *
   * @param source read until its end
   * @return the input
   */
  public static PumpedInput closed(InputStream source) {
    return new PumpedInput(Owner.INPUT, source, null, () -> {});
  }

  /**
   * Input from a stream whose opening may block. It is closed as by {@link #closed}.
   *
   * @param opener its failure is that of the input
   * @return the input
   */
  public static PumpedInput opened(Opener opener) {
    return new PumpedInput(Owner.INPUT, null, opener, () -> {});
  }

  /**
   * Input from a publisher, subscribed to by the thread that reads. When the rest is not wanted,
   * that thread is interrupted and cancels.
   *
   * @param publisher its failure is that of the input
   * @return the input
   */
  public static PumpedInput published(Publisher<? extends ByteBuffer> publisher) {
    return opened(() -> PublisherStream.of(publisher));
  }

  // A virtual thread would need a carrier, and the thread that waits for the bytes may keep the
  // last one: it is pinned, or the carriers compute. Reading a file would keep one as well.
  @Override
  public void begin(Runnable arrival) {
    try {
      this.arrival = arrival;
      Thread thread = OwnThreads.heir("jpopen-input", this::pump);
      OwnThreads.start(thread);
      pump = thread;
    } catch (OutOfMemoryError e) { // no thread could be started
      failure = e;
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the caller sees whatever the source throws
  private void pump() {
    try {
      try {
        readAll();
      } finally {
        closeSource(); // before the end shows: users rely on that
      }
      ended = true;
    } catch (FailedException e) {
      failure = e.getCause();
    } catch (Throwable e) {
      failure = e;
    }
    Persistently.run(this::arrived);
  }

  private void readAll() throws IOException {
    if (opener != null) {
      source = opener.open();
    }
    InputStream stream = Objects.requireNonNull(source);
    byte[] buffer = new byte[CHUNK];
    int n;
    while (!unwanted && (n = read(stream, buffer)) != -1) { // nothing else is the end
      if (n < 0 || n > CHUNK) {
        throw new IOException("the stream has read " + n + " bytes into a buffer of " + CHUNK);
      }
      if (n == 0) {
        LockSupport.parkNanos(PAUSE_NANOS); // it does not wait itself, as that of a serial port
      } else {
        byte[] chunk = new byte[n];
        System.arraycopy(buffer, 0, chunk, 0, n);
        room.acquireUninterruptibly();
        chunks.add(MemorySegment.ofArray(chunk));
        arrived();
      }
    }
  }

  private void arrived() {
    Runnable listener = arrival;
    if (listener != null) {
      listener.run();
    }
  }

  // What another child says after this input was closed belongs to the next reader of its stream.
  private int read(InputStream stream, byte[] buffer) throws IOException {
    return stream instanceof WithdrawableStream child
        ? child.read(buffer, () -> !unwanted)
        : stream.read(buffer);
  }

  private void closeSource() {
    InputStream stream = source;
    if (owner == Owner.INPUT && stream != null) {
      try {
        stream.close();
      } catch (IOException | RuntimeException e) {
        // It was only read: nothing can be lost.
      }
    }
  }

  @Override
  public MemorySegment pending() {
    if (current.byteSize() == 0) {
      MemorySegment next = chunks.poll();
      if (next == null) {
        current = NOTHING;
      } else {
        current = next;
        room.release();
      }
    }
    return current;
  }

  @Override
  public void accepted(long bytes) {
    current = current.asSlice(bytes);
  }

  @Override
  public long unsent() {
    long bytes = pending().byteSize();
    for (MemorySegment chunk : chunks) {
      bytes += chunk.byteSize();
    }
    return bytes;
  }

  @Override
  public boolean awaitsMore() {
    return !ended && failure == null;
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
    unwanted = true;
    arrival = null;
    Thread thread = pump;
    if (thread == null) { // never begun
      closeSource();
      unused.run();
      return;
    }
    room.release();
    // An interrupt closes sockets and channels; a read from another child loses nothing by it.
    if (owner == Owner.INPUT || source instanceof WithdrawableStream) {
      thread.interrupt();
    }
  }
}

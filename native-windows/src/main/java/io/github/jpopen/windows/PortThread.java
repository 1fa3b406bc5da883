package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that issues every ReadFile and WriteFile, and takes their packets from the
 * completion port. Runs no user code.
 */
final class PortThread {
  private static final long COMMAND = 0;
  private static final int CAPACITY = 64;
  private static final int INFINITE = -1;

  private final Win32 win32;
  private final TransferBuffers buffers;
  private final long port;
  private final boolean skips;
  private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean posted = new AtomicBoolean();
  private final AtomicLong lastKey = new AtomicLong(COMMAND);
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong cancels = new AtomicLong();

  private final ConcurrentHashMap<Long, CountDownLatch> flushes = new ConcurrentHashMap<>();

  /** What is in flight. Holds the memory; of this thread. */
  private final Map<Long, Operation> inFlight = new HashMap<>();

  private PortThread(Win32 win32, TransferBuffers buffers, long port) {
    this.win32 = win32;
    this.buffers = buffers;
    this.port = port;
    this.skips = true;
  }

  static PortThread start(Win32 win32, TransferBuffers buffers) throws IOException {
    long port = win32.createPort();
    if (port < 0) {
      throw new IOException("CreateIoCompletionPort: " + Win32Errors.name((int) -port));
    }
    PortThread made = new PortThread(win32, buffers, port);
    Thread thread = Thread.ofPlatform().daemon().name("jpopen-port").unstarted(made::run);
    try {
      thread.start();
    } catch (OutOfMemoryError e) {
      int _ = win32.closeHandle(port);
      throw e;
    }
    return made;
  }

  Win32 win32() {
    return win32;
  }

  TransferBuffers buffers() {
    return buffers;
  }

  boolean skipsOnSuccess() {
    return skips;
  }

  long newKey() {
    return lastKey.incrementAndGet();
  }

  /** Binds a handle for good; 0 or the error. */
  int bind(long handle, long key) {
    int error = win32.bind(handle, port, key);
    return error == 0 ? win32.skipPacketOnSuccess(handle) : error;
  }

  /** Runs something on the port thread, after all packets that are there. */
  void submit(Runnable command) {
    commands.add(command);
    if (!posted.getAndSet(true)) {
      int error = win32.post(port, COMMAND);
      if (error != 0) {
        posted.set(false);
        throw new IllegalStateException("PostQueuedCompletionStatus: " + Win32Errors.name(error));
      }
    }
  }

  /** Waits until all packets were taken that are there now. */
  void flush() {
    CountDownLatch reached = new CountDownLatch(1);
    long key = newKey();
    flushes.put(key, reached);
    if (win32.post(port, key) != 0) {
      flushes.remove(key); // a look that finds what it finds
      return;
    }
    boolean interrupted = false;
    while (true) {
      try {
        reached.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** An operation is in flight. On the port thread, as the next two. */
  void began(Operation operation) {
    begun.incrementAndGet();
    inFlight.put(operation.key(), operation);
  }

  void cancelled() {
    cancels.incrementAndGet();
  }

  void forget(Operation operation) {
    inFlight.remove(operation.key());
  }

  /** How many operations went into flight, came back, and were cancelled while in flight. */
  long[] counts() {
    return new long[] {begun.get(), packets.get(), cancels.get()};
  }

  private void run() {
    MemorySegment entries = win32.packets(Arena.ofAuto(), CAPACITY);
    while (true) {
      int count = win32.getPackets(port, entries, CAPACITY, INFINITE);
      for (int i = 0; i < count; i++) {
        long key = win32.keyOfPacket(entries, i);
        if (key == COMMAND) {
          runCommands();
        } else {
          completed(key);
        }
      }
    }
  }

  private void completed(long key) {
    Operation operation = inFlight.remove(key);
    if (operation != null) {
      packets.incrementAndGet();
      operation.completed();
      return;
    }
    CountDownLatch flush = flushes.remove(key);
    if (flush != null) {
      flush.countDown();
    }
  }

  private void runCommands() {
    posted.set(false); // before the queue is emptied: who adds later posts again
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }
}

package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread that issues every ReadFile and WriteFile, and takes their packets from the
 * completion port. Runs no user code.
 */
final class PortThread {
  private static final long COMMAND = 0;
  private static final int CAPACITY = 64;
  private static final int INFINITE = -1;
  private static final int RETRIES = 5;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Win32 win32;
  private final TransferBuffers buffers;
  private final long port;
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
  }

  static PortThread start(Win32 win32, TransferBuffers buffers) throws Win32Exception {
    long port = win32.createPort();
    if (port < 0) {
      throw new Win32Exception("CreateIoCompletionPort", (int) -port);
    }
    PortThread made = new PortThread(win32, buffers, port);
    Thread thread =
        Thread.ofPlatform()
            .name("jpopen-port")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(made::run);
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

  long newKey() {
    return lastKey.incrementAndGet();
  }

  /** Binds a handle for good. */
  void bind(long handle, long key) throws Win32Exception {
    int error = win32.bind(handle, port, key);
    if (error != 0) {
      throw new Win32Exception("CreateIoCompletionPort", error);
    }
    error = win32.skipPacketOnSuccess(handle);
    if (error != 0) {
      throw new Win32Exception("SetFileCompletionNotificationModes", error);
    }
  }

  /**
   * Runs something on the port thread, after all packets that are there.
   *
   * @return 0, or why the port thread could not be told; it runs the command when it wakes up next
   */
  int submit(Runnable command) {
    commands.add(command);
    if (posted.getAndSet(true)) {
      return 0;
    }
    int error = win32.post(port, COMMAND);
    for (int i = 0; error != 0 && i < RETRIES; i++) { // for want of memory, which may come back
      LockSupport.parkNanos(PAUSE_NANOS << i);
      error = win32.post(port, COMMAND);
    }
    if (error != 0) {
      posted.set(false);
    }
    return error;
  }

  /** Takes a command back; false if it runs or ran. */
  boolean withdraw(Runnable command) {
    return commands.remove(command);
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
      if (count < 0) { // not to be expected of a port of our own; commands and deadlines go on
        LockSupport.parkNanos(PAUSE_NANOS);
        runCommands();
      }
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

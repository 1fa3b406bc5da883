package io.github.jpopen.windows.wait;

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
 *
 * <p>One thread for all, because Windows cancels what a thread has in flight when that thread ends.
 */
public final class PortThread {
  private static final long COMMAND = 0;
  private static final int CAPACITY = 64;
  private static final int INFINITE = -1;
  private static final int RETRIES = 5;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Win32 win32;
  private final long port;
  private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean posted = new AtomicBoolean();
  private final AtomicLong lastKey = new AtomicLong(COMMAND);
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong cancels = new AtomicLong();

  private final ConcurrentHashMap<Long, CountDownLatch> flushes = new ConcurrentHashMap<>();

  /** What is in flight, by key; keeps its memory alive. Used by this thread only. */
  private final Map<Long, InFlight> inFlight = new HashMap<>();

  /** An operation whose packet has not come yet. */
  interface InFlight {
    /** The completion key of its packet. */
    long key();

    /** The packet came. On the port thread. */
    void completed();
  }

  private PortThread(Win32 win32, long port) {
    this.win32 = win32;
    this.port = port;
  }

  /** Creates a completion port and starts its thread. */
  public static PortThread start(Win32 win32) throws Win32Exception {
    long port = win32.createPort();
    if (port < 0) {
      throw new Win32Exception("CreateIoCompletionPort", (int) -port);
    }
    PortThread made = new PortThread(win32, port);
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

  long newKey() {
    return lastKey.incrementAndGet();
  }

  /** Binds a handle to the port, until it is closed. */
  public void bind(long handle, long key) throws Win32Exception {
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
   * Runs a command on the port thread, after the packets that are queued now.
   *
   * @return 0, or the error that kept the port thread from being woken; it then runs the command
   *     when it wakes up next
   */
  int submit(Runnable command) {
    commands.add(command);
    if (posted.getAndSet(true)) {
      return 0;
    }
    int error = win32.post(port, COMMAND);
    for (int i = 0; error != 0 && i < RETRIES; i++) { // no memory; some may be freed
      LockSupport.parkNanos(PAUSE_NANOS << i);
      error = win32.post(port, COMMAND);
    }
    if (error != 0) {
      posted.set(false);
    }
    return error;
  }

  /** Withdraws a command; false if it has begun. */
  boolean withdraw(Runnable command) {
    return commands.remove(command);
  }

  /** Waits until the port thread has handled the packets that are queued now. */
  public void flush() {
    CountDownLatch reached = new CountDownLatch(1);
    long key = newKey();
    flushes.put(key, reached);
    if (win32.post(port, key) != 0) {
      flushes.remove(key); // then without waiting: the caller sees what has been handled so far
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
  void began(InFlight operation) {
    begun.incrementAndGet();
    inFlight.put(operation.key(), operation);
  }

  void cancelled() {
    cancels.incrementAndGet();
  }

  void forget(InFlight operation) {
    inFlight.remove(operation.key());
  }

  /** For tests: how many operations were in flight, came back, and were cancelled in flight. */
  public long[] counts() {
    return new long[] {begun.get(), packets.get(), cancels.get()};
  }

  private void run() {
    MemorySegment entries = win32.packets(Arena.ofAuto(), CAPACITY);
    while (true) {
      int count = win32.getPackets(port, entries, CAPACITY, INFINITE);
      if (count < 0) { // must not happen to our own port; commands and deadlines still work
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
    InFlight operation = inFlight.remove(key);
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
    posted.set(false); // before the queue is emptied: a command added later is posted again
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
  }
}

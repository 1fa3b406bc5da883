package io.github.jpopen.windows.wait;

import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.windows.wait.CommandQueue.Command;
import io.github.jpopen.windows.wait.InFlightTable.InFlight;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that issues every ReadFile and WriteFile, and takes their packets from the
 * completion port. Runs no user code.
 *
 * <p>One thread for all, because Windows cancels what a thread has in flight when that thread ends.
 * No Error ends it: what failed is done again a moment later. It ends, and closes the port, once
 * nothing has used it for a while.
 */
public final class PortThread {
  private static final long COMMAND = 0;
  private static final long FLUSH = -2;

  /** The key of an entry that holds no packet. */
  private static final long NO_PACKET = -1;

  private static final int CAPACITY = 64;
  private static final int RETRIES = 5;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int LONGEST_PAUSE_MILLIS = 32;

  /** Much longer than the port thread takes; it may be stuck in a call. */
  private static final long FLUSH_NANOS = 500_000_000;

  private final Win32 win32;
  private final long port;
  private final Duration idle;
  private final MemorySegment entries;
  private final InFlightTable inFlight = new InFlightTable(); // used by this thread only
  private final AtomicLong lastKey = new AtomicLong();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong cancels = new AtomicLong();

  // Used by this thread only.
  private boolean failed; // something is to be done again
  private int pauseMillis; // until then; 0 if there is nothing

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flushed = lock.newCondition();

  // Guarded by the lock.
  private final CommandQueue commands = new CommandQueue();
  private final List<Long> kept = new ArrayList<>();
  private boolean posted; // a packet is at the port that makes the thread look at the commands
  private long flushesAsked;
  private long flushesReached;
  private int users = 1;
  private long idleSince;
  private boolean over;

  private PortThread(Win32 win32, long port, Duration idle) {
    this.win32 = win32;
    this.port = port;
    this.idle = idle;
    entries = win32.packets(Arena.ofAuto(), CAPACITY);
  }

  /**
   * Creates a completion port and starts its thread. The caller uses it, and has to leave it.
   *
   * @param idle how long the thread stays without users
   * @throws Win32Exception if there is no port, or no thread
   */
  public static PortThread start(Win32 win32, Duration idle) throws Win32Exception {
    long port = win32.createPort();
    if (port < 0) {
      throw new Win32Exception("CreateIoCompletionPort", (int) -port);
    }
    try {
      PortThread made = new PortThread(win32, port, idle);
      Thread.ofPlatform()
          .name("jpopen-port")
          .daemon()
          .inheritInheritableThreadLocals(false)
          .start(made::run);
      return made;
    } catch (OutOfMemoryError e) { // no memory, or no thread
      Handles.close(win32, port);
      throw new Win32Exception("CreateThread", Win32Errors.NOT_ENOUGH_MEMORY);
    }
  }

  Win32 win32() {
    return win32;
  }

  long newKey() {
    return lastKey.incrementAndGet();
  }

  /**
   * Keeps the thread until {@link #leave}.
   *
   * @return false if it has ended
   */
  public boolean enter() {
    lock.lock();
    try {
      if (!over) {
        users++;
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  /** Ends what {@link #start} or {@link #enter} began. */
  public void leave() {
    lock.lock();
    try {
      users--;
      idleSince = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Has a handle closed when the thread ends. */
  public void closeAtEnd(long handle) {
    lock.lock();
    try {
      kept.add(handle);
    } finally {
      lock.unlock();
    }
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
   * Runs a command on the port thread.
   *
   * @return 0, or the error that kept the port thread from being woken; it then runs the command
   *     when it wakes up next
   */
  int submit(Command command) {
    lock.lock();
    try {
      if (over) {
        return Win32Errors.INVALID_HANDLE;
      }
      commands.add(command);
      return posted ? 0 : post();
    } finally {
      lock.unlock();
    }
  }

  /** Like {@link #submit}, but tries for a while, even if the calling thread is interrupted. */
  void submitSurely(Command command) {
    int error = submit(command);
    for (int i = 0; error != 0 && i < RETRIES; i++) { // no memory; some may be freed
      Uninterrupted.pause(PAUSE_NANOS << i);
      error = postAgain();
    }
  }

  private int postAgain() {
    lock.lock();
    try {
      return posted || commands.isEmpty() ? 0 : post();
    } finally {
      lock.unlock();
    }
  }

  // With the lock held, so that no other thread relies on a packet that could not be posted.
  private int post() {
    int error = post(COMMAND);
    posted = error == 0;
    return error;
  }

  private int post(long key) {
    try {
      return win32.post(port, key);
    } catch (RuntimeException | Error e) { // a downcall needs memory
      return Win32Errors.NOT_ENOUGH_MEMORY;
    }
  }

  /** Withdraws a command; false if it has begun. */
  boolean withdraw(Command command) {
    lock.lock();
    try {
      return commands.remove(command);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the port thread has handled the packets that are queued now. If it is stuck, or no
   * packet can be posted, the caller sees what has been handled so far.
   */
  public void flush() {
    boolean interrupted = Thread.interrupted();
    lock.lock();
    try {
      if (over || post(FLUSH) != 0) {
        return;
      }
      flushesAsked++;
      long mine = flushesAsked;
      long left = FLUSH_NANOS;
      while (flushesReached < mine && left > 0) {
        try {
          left = flushed.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** An operation may be in flight from now on. On the port thread, as the next three. */
  void beginning(InFlight operation) {
    inFlight.put(operation);
  }

  /** It is in flight. */
  void began() {
    begun.incrementAndGet();
  }

  /** It is not: it has ended at once. */
  void forget(InFlight operation) {
    InFlight _ = inFlight.remove(operation.key());
  }

  void cancelled() {
    cancels.incrementAndGet();
  }

  /** For tests: how many operations were in flight, came back, and were cancelled in flight. */
  public long[] counts() {
    return new long[] {begun.get(), packets.get(), cancels.get()};
  }

  private void run() {
    while (!isOver()) {
      int count = take();
      for (int i = 0; i < count; i++) {
        long key = keyOf(i);
        if (key == NO_PACKET) {
          break;
        }
        handle(key);
      }
      runCommands();
    }
    Handles.close(win32, port);
    for (int i = 0; i < kept.size(); i++) {
      Handles.close(win32, kept.get(i));
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      boolean idles = System.nanoTime() - idleSince >= idle.toNanos();
      over = users == 0 && commands.isEmpty() && idles;
      return over;
    } finally {
      lock.unlock();
    }
  }

  // Even without a packet the thread looks at the commands sometimes: one may not have been posted.
  // An Error may come when packets were taken already; these have keys then.
  private int take() {
    entries.fill((byte) NO_PACKET);
    int millis = pauseMillis > 0 ? pauseMillis : (int) Math.max(1, idle.toMillis());
    try {
      int count = win32.getPackets(port, entries, CAPACITY, millis);
      if (count < 0) { // must not happen to our own port
        Uninterrupted.pause(PAUSE_NANOS);
      }
      return Math.max(0, count);
    } catch (RuntimeException | Error e) {
      Uninterrupted.pause(PAUSE_NANOS);
      return CAPACITY;
    }
  }

  private long keyOf(int index) {
    while (true) {
      try {
        return win32.keyOfPacket(entries, index);
      } catch (RuntimeException | Error e) {
        Uninterrupted.pause(PAUSE_NANOS);
      }
    }
  }

  private void handle(long key) {
    if (key == FLUSH) {
      reachFlush();
    } else if (key != COMMAND) {
      InFlight operation = inFlight.remove(key);
      if (operation != null) {
        packets.incrementAndGet();
        run(operation.completion());
      }
    }
  }

  private void reachFlush() {
    lock.lock();
    try {
      // A packet may have been posted although an Error came out of the call.
      flushesReached = Math.min(flushesAsked, flushesReached + 1);
      flushed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void runCommands() {
    for (int left = beginCommands(); left > 0; left--) {
      Command command = pollCommand();
      if (command != null) {
        run(command);
      }
    }
    pauseMillis = failed ? Math.clamp(2L * pauseMillis, 1, LONGEST_PAUSE_MILLIS) : 0;
    failed = false;
  }

  private int beginCommands() {
    lock.lock();
    try {
      posted = false; // a command that is added from now on is posted again
      return commands.size();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Command pollCommand() {
    lock.lock();
    try {
      return commands.poll();
    } finally {
      lock.unlock();
    }
  }

  private void run(Command command) {
    try {
      command.run();
    } catch (RuntimeException | Error e) {
      failed = true;
      lock.lock();
      try {
        commands.add(command);
      } finally {
        lock.unlock();
      }
    }
  }
}

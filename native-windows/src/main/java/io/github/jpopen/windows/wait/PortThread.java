package io.github.jpopen.windows.wait;

import io.github.jpopen.spi.OwnThreads;
import io.github.jpopen.spi.Uninterrupted;
import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.windows.wait.CommandQueue.Command;
import io.github.jpopen.windows.wait.InFlightTable.InFlight;
import io.github.jpopen.windows.win32.Handles;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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

  private static final int RETRIES = 5;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int LONGEST_PAUSE_MILLIS = 32;

  private final Win32 win32;
  private final CompletionPort port;
  private final Duration idle;
  private final InFlightTable inFlight = new InFlightTable(); // used by this thread only
  private final AtomicLong lastKey = new AtomicLong();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong cancels = new AtomicLong();

  // Used by this thread only.
  private boolean failed; // something is to be done again
  private int pauseMillis; // until then; 0 if there is nothing

  private final UnqueuedLock lock = new UnqueuedLock();

  // Guarded by the lock.
  private final CommandQueue commands = new CommandQueue();
  private final CommandQueue flushes = new CommandQueue();
  private final List<Long> kept = new ArrayList<>();
  private boolean posted; // a packet is at the port that makes the thread look at the commands
  private long flushesAsked;
  private long flushesReached;
  private int users = 1;
  private long idleSince;
  private boolean over;

  private PortThread(Win32 win32, CompletionPort port, Duration idle) {
    this.win32 = win32;
    this.port = port;
    this.idle = idle;
  }

  /**
   * Creates a completion port and starts its thread. The caller uses it, and has to leave it.
   *
   * @param idle how long the thread stays without users
   * @throws Win32Exception if there is no port, or no thread
   */
  public static PortThread start(Win32 win32, Duration idle) throws Win32Exception {
    CompletionPort port = CompletionPort.create(win32);
    try {
      PortThread made = new PortThread(win32, port, idle);
      OwnThreads.start(OwnThreads.daemon("jpopen-port", OwnThreads.USUAL_STACK, made::run));
      return made;
    } catch (OutOfMemoryError e) { // no memory, or no thread
      port.close();
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
    try (var _ = lock.hold()) {
      if (!over) {
        users++;
      }
      return !over;
    }
  }

  /** Ends what {@link #start} or {@link #enter} began. */
  public void leave() {
    try (var _ = lock.hold()) {
      users--;
      idleSince = System.nanoTime();
    }
  }

  /** Has a handle closed when the thread ends. */
  public void closeAtEnd(long handle) {
    try (var _ = lock.hold()) {
      kept.add(handle);
    }
  }

  /** Binds a handle to the port, until it is closed. */
  public void bind(long handle, long key) throws Win32Exception {
    port.bind(handle, key);
  }

  /**
   * Runs a command on the port thread.
   *
   * @return 0, or the error that kept the port thread from being woken; it then runs the command
   *     when it wakes up next
   */
  int submit(Command command) {
    try (var _ = lock.hold()) {
      if (over) {
        return Win32Errors.INVALID_HANDLE;
      }
      commands.add(command);
      return posted ? 0 : post();
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
    try (var _ = lock.hold()) {
      return posted || commands.isEmpty() ? 0 : post();
    }
  }

  // With the lock held, so that no other thread relies on a packet that could not be posted.
  private int post() {
    int error = port.post(COMMAND);
    posted = error == 0;
    return error;
  }

  /** Withdraws a command; false if it has begun. */
  boolean withdraw(Command command) {
    try (var _ = lock.hold()) {
      return commands.remove(command);
    }
  }

  /** Learns when the packets that were queued have been handled; one for each child. */
  public static final class Flush extends Command {
    private final Runnable reached;
    private long number; // guarded by the lock of the port thread
    private volatile boolean isReached = true;

    /**
     * Makes one that waits for nothing.
     *
     * @param reached runs on the port thread, and must not block
     */
    public Flush(Runnable reached) {
      this.reached = reached;
    }

    /** Whether the packets have been handled. */
    public boolean isReached() {
      return isReached;
    }

    @Override
    void run() {
      isReached = true;
      reached.run();
    }
  }

  /**
   * Reports when the port thread has handled the packets that are queued now.
   *
   * @return false if no packet can be posted
   */
  public boolean flush(Flush flush) {
    try (var _ = lock.hold()) {
      if (over || port.post(FLUSH) != 0) {
        return false;
      }
      flushesAsked++;
      flush.number = flushesAsked;
      flush.isReached = false;
      flushes.add(flush);
      return true;
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
      int count = port.take(millis());
      for (int i = 0; i < count; i++) {
        long key = port.keyOf(i);
        if (key == CompletionPort.NO_PACKET) {
          break;
        }
        handle(key);
      }
      runCommands();
    }
    port.close();
    for (int i = 0; i < kept.size(); i++) {
      Handles.close(win32, kept.get(i));
    }
  }

  // Even without a packet the thread looks at the commands sometimes: one may not have been posted.
  private int millis() {
    return pauseMillis > 0 ? pauseMillis : (int) Math.max(1, idle.toMillis());
  }

  private boolean isOver() {
    try (var _ = lock.hold()) {
      boolean idles = System.nanoTime() - idleSince >= idle.toNanos();
      over = users == 0 && commands.isEmpty() && idles;
      return over;
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
    try (var _ = lock.hold()) {
      // A packet may have been posted although an Error came out of the call.
      flushesReached = Math.min(flushesAsked, flushesReached + 1);
      for (int left = flushes.size(); left > 0; left--) {
        Command first = flushes.poll();
        if (first instanceof Flush flush && flush.number <= flushesReached) {
          flush.run();
        } else if (first != null) {
          flushes.add(first);
        }
      }
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
    try (var _ = lock.hold()) {
      posted = false; // a command that is added from now on is posted again
      return commands.size();
    }
  }

  private @Nullable Command pollCommand() {
    try (var _ = lock.hold()) {
      return commands.poll();
    }
  }

  private void run(Command command) {
    try {
      command.run();
    } catch (RuntimeException | Error e) {
      failed = true;
      try (var _ = lock.hold()) {
        commands.add(command);
      }
    }
  }
}

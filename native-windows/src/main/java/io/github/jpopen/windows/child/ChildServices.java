package io.github.jpopen.windows.child;

import io.github.jpopen.spi.UnqueuedLock;
import io.github.jpopen.windows.wait.ExitWaiters;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What all children of this process share. Thread-safe. */
public final class ChildServices {
  private final Win32 win32;
  private final TransferBuffers buffers;
  private final ExitWaiters exitWaiters;
  private final UnwatchedChildren unwatched = new UnwatchedChildren();
  private final UnqueuedLock starting = new UnqueuedLock();
  private final Duration idle;
  private @Nullable PortThread port; // guarded by the lock

  /**
   * Makes them; starts no thread.
   *
   * @param poison whether buffers are overwritten while no operation uses them, for tests
   * @param idle how long a thread stays that has nothing to do
   */
  public ChildServices(Win32 win32, boolean poison, Duration idle) {
    this.win32 = win32;
    this.idle = idle;
    buffers = new TransferBuffers(poison);
    exitWaiters = new ExitWaiters(win32, idle);
  }

  /** The system calls. */
  public Win32 win32() {
    return win32;
  }

  /** Memory for operations in flight. */
  public TransferBuffers buffers() {
    return buffers;
  }

  /** The threads that wait for exits. */
  public ExitWaiters exitWaiters() {
    return exitWaiters;
  }

  /** The children that users have. */
  public UnwatchedChildren unwatched() {
    return unwatched;
  }

  /** The port thread, which this starts if there is none. The caller has to leave it. */
  public PortThread enterPort() throws Win32Exception {
    try (var _ = starting.hold()) {
      PortThread running = port;
      if (running == null || !running.enter()) {
        running = PortThread.start(win32, idle);
        port = running;
      }
      return running;
    }
  }
}

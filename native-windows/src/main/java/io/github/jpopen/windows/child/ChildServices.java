package io.github.jpopen.windows.child;

import io.github.jpopen.windows.wait.ExitWaiters;
import io.github.jpopen.windows.wait.PortThread;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What all children of this process share. Thread-safe. */
public final class ChildServices {
  private final Win32 win32;
  private final TransferBuffers buffers;
  private final ExitWaiters exitWaiters;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable PortThread port;

  /**
   * Makes them; starts no thread.
   *
   * @param poison whether buffers are overwritten while no operation uses them, for tests
   */
  public ChildServices(Win32 win32, boolean poison) {
    this.win32 = win32;
    buffers = new TransferBuffers(poison);
    exitWaiters = new ExitWaiters(win32);
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

  /** The port thread, which this starts on first use. */
  public PortThread startedPort() throws Win32Exception {
    PortThread running = port;
    if (running != null) {
      return running;
    }
    starting.lock();
    try {
      running = port;
      if (running == null) {
        running = PortThread.start(win32);
        port = running;
      }
      return running;
    } finally {
      starting.unlock();
    }
  }

  /** The port thread, which has been started before the first child. */
  PortThread port() {
    PortThread running = port;
    if (running == null) {
      throw new IllegalStateException("the port thread is not started");
    }
    return running;
  }
}

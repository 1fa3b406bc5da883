package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What all children of this process share. Thread-safe. */
final class WindowsRuntime {
  private final Win32 win32;
  private final Settings settings;
  private final TransferBuffers buffers;
  private final ExitWaiters exitWaiters;
  private final Pipes pipes;
  private final Inheritance inheritance;
  private final ReentrantLock starting = new ReentrantLock();
  private volatile @Nullable PortThread port;

  WindowsRuntime(Win32 win32, Settings settings) {
    this.win32 = win32;
    this.settings = settings;
    buffers = new TransferBuffers(settings.poison());
    exitWaiters = new ExitWaiters(win32);
    inheritance = new Inheritance(win32);
    pipes = new Pipes(win32, settings.unnamedPipes());
  }

  Win32 win32() {
    return win32;
  }

  Settings settings() {
    return settings;
  }

  ExitWaiters exitWaiters() {
    return exitWaiters;
  }

  Pipes pipes() {
    return pipes;
  }

  Inheritance inheritance() {
    return inheritance;
  }

  /** The port thread, started when it is first needed. */
  PortThread startedPort() throws Win32Exception {
    PortThread running = port;
    if (running != null) {
      return running;
    }
    starting.lock();
    try {
      running = port;
      if (running == null) {
        running = PortThread.start(win32, buffers);
        port = running;
      }
      return running;
    } finally {
      starting.unlock();
    }
  }

  /** The port thread; there is one when there is a child. */
  PortThread port() {
    PortThread running = port;
    if (running == null) {
      throw new IllegalStateException("no port thread");
    }
    return running;
  }
}

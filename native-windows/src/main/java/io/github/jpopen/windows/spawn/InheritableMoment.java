package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The moment in which handles of ours are inheritable. It is short and excludes that of the JDK: a
 * process that other code starts without a list of handles would inherit all of them.
 */
final class InheritableMoment {
  /** The monitor that ProcessBuilder holds while its handles are inheritable. */
  private static final Object JDK_LOCK = jdkLock();

  private final Win32 win32;
  private final ReentrantLock lock = new ReentrantLock();

  InheritableMoment(Win32 win32) {
    this.win32 = win32;
  }

  private static Object jdkLock() {
    try {
      return Class.forName("java.lang.ProcessImpl", false, null);
    } catch (ClassNotFoundException e) {
      return new Object();
    }
  }

  /** Starts a process that inherits these handles; afterwards none of them is inheritable. */
  void start(ProcessStart start, StartedProcess started, long[] handles) throws Win32Exception {
    lock.lock();
    try {
      synchronized (JDK_LOCK) {
        try {
          for (long handle : handles) {
            int error = win32.setInheritable(handle, true);
            if (error != 0) {
              throw new Win32Exception("SetHandleInformation", error);
            }
          }
          win32.createProcess(start, started);
        } finally {
          for (long handle : handles) {
            keepPrivate(handle);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // An Error here must not hide that there is a process. The handle is about to be closed anyway.
  private void keepPrivate(long handle) {
    try {
      int _ = win32.setInheritable(handle, false);
    } catch (RuntimeException | Error e) {
      // A downcall needs memory.
    }
  }
}

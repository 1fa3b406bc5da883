package io.github.jpopen.windows.win32;

/**
 * Where {@link Win32#createProcess} stores what it has made. It exists before the process, so that
 * no process is without an owner, whatever fails afterwards.
 */
public final class StartedProcess {
  private long process;
  private long thread;
  private int pid;

  /** Makes one without a process. */
  public StartedProcess() {}

  /** Stores the handles and the id of a process. */
  public void started(long processHandle, long threadHandle, int id) {
    process = processHandle;
    thread = threadHandle;
    pid = id;
  }

  /** The handle of the process; 0 if there is none. */
  public long process() {
    return process;
  }

  /** The handle of its first thread; 0 if there is none. */
  public long thread() {
    return thread;
  }

  /** The process id, unsigned. */
  public int pid() {
    return pid;
  }
}

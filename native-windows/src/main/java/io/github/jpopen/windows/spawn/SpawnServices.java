package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.child.ChildServices;
import io.github.jpopen.windows.win32.Win32;

/** What all spawns of this process share. Thread-safe. */
public final class SpawnServices {
  private final ChildServices children;
  private final boolean mayHideConsole;
  private final Pipes pipes;
  private final InheritableMoment inheritableMoment;

  /** Whether an attribute list may name a job, as far as is known. */
  private volatile boolean jobLists = true;

  /**
   * Makes them.
   *
   * @param children what the started children share
   * @param unnamedPipes whether pipes without a name may be used
   * @param mayHideConsole whether CREATE_NO_WINDOW may be set if no console would be seen
   */
  public SpawnServices(ChildServices children, boolean unnamedPipes, boolean mayHideConsole) {
    this.children = children;
    this.mayHideConsole = mayHideConsole;
    pipes = new Pipes(children.win32(), unnamedPipes);
    inheritableMoment = new InheritableMoment(children.win32());
  }

  /** The system calls. */
  public Win32 win32() {
    return children.win32();
  }

  /** What the started children share. */
  public ChildServices children() {
    return children;
  }

  boolean mayHideConsole() {
    return mayHideConsole;
  }

  boolean mayListJobs() {
    return jobLists;
  }

  /** This system does not know PROC_THREAD_ATTRIBUTE_JOB_LIST. */
  void listNoJobs() {
    jobLists = false;
  }

  Pipes pipes() {
    return pipes;
  }

  InheritableMoment inheritableMoment() {
    return inheritableMoment;
  }
}

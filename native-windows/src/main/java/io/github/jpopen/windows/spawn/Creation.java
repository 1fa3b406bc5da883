package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.windows.child.ChildJob;
import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls CreateProcessW with a list of the child's handles and its job.
 *
 * <p>If the system takes no job in the list, the process is suspended until it is in its job. So it
 * cannot start another one before.
 */
final class Creation {
  private static final int CREATE_SUSPENDED = 4;

  private final SpawnServices services;
  private final Win32 win32;
  private final SpawnFailure failure;
  private final Arena arena;
  private final @Nullable ChildJob job;

  Creation(SpawnServices services, SpawnFailure failure, Arena arena, @Nullable ChildJob job) {
    this.services = services;
    this.failure = failure;
    this.arena = arena;
    this.job = job;
    win32 = services.win32();
  }

  /** Where the arguments are. */
  Arena arena() {
    return arena;
  }

  /**
   * Creates the process. If this throws, there may be one.
   *
   * @param start the arguments with an attribute list
   * @param inherited the handles that the child inherits
   */
  void run(Function<MemorySegment, ProcessStart> start, long[] inherited, StartedProcess started)
      throws SpawnRefused {
    try {
      if (job == null || !services.mayListJobs()) {
        create(start, inherited, started);
      } else {
        createInJob(start, inherited, started, job);
      }
    } catch (Win32Exception e) {
      throw "CreateProcessW".equals(e.call())
          ? failure.ofCreateProcess(e.error())
          : failure.of(e.call(), e.error());
    }
  }

  private void createInJob(
      Function<MemorySegment, ProcessStart> start,
      long[] inherited,
      StartedProcess started,
      ChildJob known)
      throws Win32Exception {
    MemorySegment attributes;
    try {
      attributes = win32.attributeList(arena, known.handle(), inherited);
    } catch (Win32Exception e) {
      if (!isRefusal(e)) {
        throw e;
      }
      services.listNoJobs();
      create(start, inherited, started);
      return;
    }
    try {
      create(start, attributes, 0, inherited, started);
    } catch (Win32Exception e) {
      // ERROR_ACCESS_DENIED: the job may not be nested. If it is the program, it fails again.
      if (!isRefusal(e) && e.error() != Win32Errors.ACCESS_DENIED) {
        throw e;
      }
      create(start, inherited, started);
    }
  }

  private static boolean isRefusal(Win32Exception e) {
    return e.error() == Win32Errors.NOT_SUPPORTED || e.error() == Win32Errors.INVALID_PARAMETER;
  }

  private void create(
      Function<MemorySegment, ProcessStart> start, long[] inherited, StartedProcess started)
      throws Win32Exception {
    MemorySegment attributes =
        inherited.length == 0 ? MemorySegment.NULL : win32.attributeList(arena, 0, inherited);
    if (job == null) {
      create(start, attributes, 0, inherited, started);
      return;
    }
    int flags = create(start, attributes, CREATE_SUSPENDED, inherited, started);
    int error = win32.assignToJob(job.handle(), started.process());
    if (job.isForTree()) { // killOnExit has its hook without a job
      check("AssignProcessToJobObject", error);
    }
    if ((flags & CREATE_SUSPENDED) == 0) {
      check("ResumeThread", win32.resumeThread(started.thread()));
    }
  }

  /** Returns the flags that were wanted. */
  private int create(
      Function<MemorySegment, ProcessStart> start,
      MemorySegment attributes,
      int flags,
      long[] inherited,
      StartedProcess started)
      throws Win32Exception {
    try {
      ProcessStart wanted = start.apply(attributes);
      services.inheritableMoment().start(wanted.with(flags), started, inherited);
      return wanted.flags();
    } finally {
      if (attributes.address() != 0) {
        win32.deleteAttributeList(attributes);
      }
    }
  }

  private static void check(String call, int error) throws Win32Exception {
    if (error != 0) {
      throw new Win32Exception(call, error);
    }
  }
}

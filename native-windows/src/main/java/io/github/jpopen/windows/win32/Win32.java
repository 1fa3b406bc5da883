package io.github.jpopen.windows.win32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The system calls that this module makes, one method each.
 *
 * <p>A call that only succeeds or fails returns 0 or the error of GetLastError, captured in the
 * same downcall. A call that makes a handle returns the handle, which is positive, or the negated
 * error. Segments are native.
 */
public interface Win32 {

  /** How a file is opened. */
  enum FileUse {
    /** An existing file, for reading. */
    READ,
    /** For writing; the file is created or truncated. */
    WRITE,
    /** For writing at the end; the file is created if it does not exist. */
    APPEND,
    /** An existing file or device, for reading and writing. */
    BOTH
  }

  /** For what the server's end of a pipe is, which is made first. */
  enum PipeUse {
    /** For us, overlapped; we read. */
    READ_BY_US,
    /** For us, overlapped; we write. */
    WRITTEN_BY_US,
    /** For a child, synchronous; it reads. */
    READ_BY_CHILD;

    /** For us. */
    public static PipeUse ofOurs(boolean reading) {
      return reading ? READ_BY_US : WRITTEN_BY_US;
    }

    /** Whether this end reads. */
    public boolean reads() {
      return this != WRITTEN_BY_US;
    }

    /** Whether operations on this end overlap. */
    public boolean isOverlapped() {
      return this != READ_BY_CHILD;
    }
  }

  // Handles.

  /** Closes a handle. */
  int closeHandle(long handle);

  /** Duplicates a handle with the same access; the copy is not inheritable. */
  long duplicateHandle(long handle);

  /** Duplicates a process handle for waiting only; the copy is not inheritable. */
  long duplicateForWaiting(long process);

  /** Sets whether a child may inherit the handle. */
  int setInheritable(long handle, boolean inheritable);

  /** The flags of a handle, or the negated error. */
  int handleFlags(long handle);

  /** The standard handle 0, 1 or 2 of this process; 0 if there is none. */
  long standardHandle(int number);

  // Files and pipes.

  /** The absolute path that Windows takes a path for, by the current directory of this process. */
  String fullPath(String path) throws Win32Exception;

  /** Opens a file for a child; {@code name} is UTF-16 with NUL. */
  long createFile(MemorySegment name, FileUse use);

  /** Makes the server's end of a named pipe: one instance, no remote clients. */
  long createNamedPipe(MemorySegment name, PipeUse use, int quota, MemorySegment security);

  /** Opens the client's end of a named pipe: synchronous. */
  long openNamedPipe(MemorySegment name, boolean reading);

  /** Opens the file system of pipes, in which unnamed pipes are made. */
  long openPipeFileSystem();

  /** Makes the server's end of a pipe without a name. */
  long createUnnamedPipe(long fileSystem, PipeUse use, int quota);

  /** Opens the client's end of a pipe without a name: synchronous. */
  long openUnnamedPipe(long server, boolean reading);

  /** How many bytes wait at the reading end of a pipe, or the negated error. */
  int queued(long handle);

  /** Begins to read; ERROR_IO_PENDING if the operation is in flight. */
  int readFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped);

  /** Begins to write; ERROR_IO_PENDING if the operation is in flight. */
  int writeFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped);

  /** Cancels an operation in flight. Its packet still comes. */
  int cancelIo(long handle, MemorySegment overlapped);

  /** The error of an operation whose packet has come. */
  int overlappedResult(long handle, MemorySegment overlapped);

  /** How many bytes an operation that has ended moved. */
  int transferred(MemorySegment overlapped);

  /** The size of an OVERLAPPED. */
  long sizeOfOverlapped();

  // Completion port.

  /** Makes a port. */
  long createPort();

  /** Binds a handle to a port; its packets have this key. */
  int bind(long handle, long port, long key);

  /** Makes operations that succeed at once send no packet. */
  int skipPacketOnSuccess(long handle);

  /** Memory for this many packets. */
  MemorySegment packets(Arena arena, int capacity);

  /** Waits for packets and returns how many came in time, or the negated error. */
  int getPackets(long port, MemorySegment entries, int capacity, int milliseconds);

  /** The completion key of a packet. */
  long keyOfPacket(MemorySegment entries, int index);

  /** The address of the OVERLAPPED of a packet; 0 if the packet was posted. */
  long overlappedOfPacket(MemorySegment entries, int index);

  /** Posts a packet without an operation. */
  int post(long port, long key);

  // Processes.

  /** Starts a process and stores what it has made in {@code started}, before anything may fail. */
  void createProcess(ProcessStart start, StartedProcess started) throws Win32Exception;

  /**
   * Makes an attribute list with the job that a child is started in, which is 0 for none, and the
   * handles that it inherits. The list refers to memory of the arena.
   */
  MemorySegment attributeList(SegmentAllocator arena, long job, long... handles)
      throws Win32Exception;

  /** Frees what an attribute list holds. */
  void deleteAttributeList(MemorySegment list);

  /** Stores the exit code of a process that has ended in the int at {@code code}. */
  int exitCode(long process, MemorySegment code);

  /**
   * Stores four times of a process that has ended at {@code times}, in units of 100 ns. The first
   * two are when it began and when it ended. The others are how long it computed in the kernel, and
   * in the program.
   */
  int processTimes(long process, MemorySegment times);

  /**
   * The most bytes that a process has had in its working set at one time, or the negated error.
   * Wine answers 0 for a process that has ended.
   */
  long peakWorkingSet(long process);

  /** Ends a process. */
  int terminateProcess(long process, int code);

  /** Lets a thread run that was started as suspended. */
  int resumeThread(long thread);

  /** Makes a job object without a name; the handle is not inheritable. */
  long createJob();

  /**
   * Sets the limits of a job.
   *
   * @param killOnClose whether the last handle of the job ends its processes when it is closed
   * @param descendantsLeave whether what a process of the job starts does not belong to it
   */
  int limitJob(long job, boolean killOnClose, boolean descendantsLeave);

  /** Adds a process to a job. */
  int assignToJob(long job, long process);

  /** Ends all processes of a job. */
  int terminateJob(long job, int code);

  /** Stores the ids of a job's processes and returns how many there are, or the negated error. */
  int jobProcesses(long job, long[] ids);

  /** Sends CTRL_C_EVENT (0) or CTRL_BREAK_EVENT (1) to a process group. */
  int generateConsoleCtrlEvent(int event, int group);

  /** Whether this process has a console, with or without a window. */
  boolean hasConsole();

  // Waiting.

  /** Whether an object is signalled: 1 or 0, or the negated error. */
  int isSignalled(long handle);

  /**
   * Waits until one of several objects is signalled: its index, {@code count} if none was in time,
   * or the negated error.
   */
  int waitForAny(MemorySegment handles, int count, int milliseconds);

  /** Makes an event that a wait resets when it ends. */
  long createEvent();

  /** Sets an event. */
  int setEvent(long event);

  // Security.

  /** Fills memory with random bytes. */
  int random(MemorySegment bytes);

  /** Makes a SECURITY_ATTRIBUTES that grants access to the user of this process only. */
  MemorySegment ownerOnly(Arena arena) throws Win32Exception;

  /** Frees what {@link #ownerOnly} made. */
  void freeSecurity(MemorySegment security);
}

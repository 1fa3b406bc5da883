package io.github.jpopen.windows.win32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * The system calls this module makes, each a method.
 *
 * <p>A call that succeeds or fails answers 0 or the error that GetLastError gives, captured in the
 * same downcall. A call that makes a handle answers the handle, which is positive, or the negated
 * error. Segments are native.
 */
public interface Win32 {

  /** What a file is opened for. */
  enum FileUse {
    /** An existing file, to be read. */
    READ,
    /** Created or emptied. */
    WRITE,
    /** Created if missing; every write goes to the end. */
    APPEND,
    /** An existing file or device, both ways. */
    BOTH
  }

  // Handles.

  /** Closes a handle. */
  int closeHandle(long handle);

  /** Makes another handle of the same object, not inheritable, with the same access. */
  long duplicateHandle(long handle);

  /** Makes another handle of a process, not inheritable, that can only be waited for. */
  long duplicateForWaiting(long process);

  /** Whether a child may inherit the handle. */
  int setInheritable(long handle, boolean inheritable);

  /** The flags of a handle, or the negated error. */
  int handleFlags(long handle);

  /** Our standard handle 0, 1 or 2; 0 if there is none. */
  long standardHandle(int number);

  // Files and pipes.

  /** Opens a file for a child; {@code name} is UTF-16 with NUL. */
  long createFile(MemorySegment name, FileUse use);

  /** Makes the server's end of a named pipe, overlapped, first instance, no remote clients. */
  long createNamedPipe(MemorySegment name, boolean reading, int quota, MemorySegment security);

  /** Opens the client's end of a named pipe, synchronous. */
  long openNamedPipe(MemorySegment name, boolean reading);

  /** Opens the file system of pipes, below which unnamed ones are made. */
  long openPipeFileSystem();

  /** Makes the server's end of a pipe without a name, overlapped. */
  long createUnnamedPipe(long fileSystem, boolean reading, int quota);

  /** Opens the client's end of a pipe without a name, synchronous. */
  long openUnnamedPipe(long server, boolean reading);

  /** Begins to read; ERROR_IO_PENDING if that takes longer. */
  int readFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped);

  /** Begins to write; ERROR_IO_PENDING if that takes longer. */
  int writeFile(long handle, MemorySegment buffer, int bytes, MemorySegment overlapped);

  /** Asks for an operation in flight to be given up. */
  int cancelIo(long handle, MemorySegment overlapped);

  /** How an operation ended whose packet came. */
  int overlappedResult(long handle, MemorySegment overlapped);

  /** How many bytes an operation moved that ended. */
  int transferred(MemorySegment overlapped);

  /** The size of an OVERLAPPED. */
  long sizeOfOverlapped();

  // Completion port.

  /** Makes a port. */
  long createPort();

  /** Binds a handle to a port under a key. */
  int bind(long handle, long port, long key);

  /** Keeps operations that succeed at once from sending a packet. */
  int skipPacketOnSuccess(long handle);

  /** Room for some packets. */
  MemorySegment packets(Arena arena, int capacity);

  /** Waits for packets: how many came, or the negated error. */
  int getPackets(long port, MemorySegment entries, int capacity, int milliseconds);

  /** The completion key of a packet. */
  long keyOfPacket(MemorySegment entries, int index);

  /** The address of the OVERLAPPED of a packet, 0 if it was posted. */
  long overlappedOfPacket(MemorySegment entries, int index);

  /** Sends a packet without an operation. */
  int post(long port, long key);

  // Processes.

  /** Starts a process. */
  StartedProcess createProcess(ProcessStart start) throws Win32Exception;

  /** Makes the attribute list with the handles that a child inherits. */
  MemorySegment attributeList(SegmentAllocator arena, long... handles) throws Win32Exception;

  /** Ends the use of an attribute list. */
  void deleteAttributeList(MemorySegment list);

  /** The exit code of a process that ended, in the int at {@code code}. */
  int exitCode(long process, MemorySegment code);

  /** Ends a process. */
  int terminateProcess(long process, int code);

  /** Sends CTRL_C_EVENT (0) or CTRL_BREAK_EVENT (1) to a process group. */
  int generateConsoleCtrlEvent(int event, int group);

  /** Whether this process has a console, with a window or without. */
  boolean hasConsole();

  // Waiting.

  /** Whether an object is signalled: 1, 0, or the negated error. */
  int isSignalled(long handle);

  /** Waits for one of some objects: its index, or the negated error. */
  int waitForAny(MemorySegment handles, int count);

  /** Makes an event that is reset by the wait it ends. */
  long createEvent();

  /** Sets an event. */
  int setEvent(long event);

  // The rest.

  /** Fills memory with random bytes; 0 if that was not possible. */
  int random(MemorySegment bytes);

  /** Makes a SECURITY_ATTRIBUTES that only our user passes. */
  MemorySegment ownerOnly(Arena arena) throws Win32Exception;

  /** Gives back what {@link #ownerOnly} made. */
  void freeSecurity(MemorySegment security);
}

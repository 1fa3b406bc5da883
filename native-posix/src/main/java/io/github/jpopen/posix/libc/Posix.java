package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;

/**
 * The system calls this module makes, each a method.
 *
 * <p>Every result is what the call returns, or the negated errno, captured in the same downcall. A
 * function that this system does not have answers {@code -ENOSYS}, as the kernel does. Segments are
 * native unless said otherwise.
 */
public interface Posix {

  /** What a file is opened for. */
  enum Access {
    /** An existing file, to be read. */
    READ,
    /** Created or emptied. */
    WRITE,
    /** Created if missing; every write goes to the end. */
    APPEND,
    /** An existing file or device, both ways. */
    BOTH
  }

  /** The numbers of this system. */
  Numbers numbers();

  // Descriptors. All that are made are close-on-exec.

  /** Makes a pipe; {@code ends} holds two ints, the reading end first. */
  int pipe(MemorySegment ends);

  /** Opens a file; {@code path} ends in NUL. */
  int open(MemorySegment path, Access access);

  /** Closes a descriptor. It is gone whatever the answer is. */
  int close(int descriptor);

  /**
   * Reads up to {@code bytes} into the start of {@code to}, which may lie on the Java heap if the
   * descriptor never blocks: the garbage collector waits for such a call.
   */
  long read(int descriptor, MemorySegment to, long bytes);

  /** Writes up to {@code bytes} from the start of {@code from}; of the heap, see {@link #read}. */
  long write(int descriptor, MemorySegment from, long bytes);

  /** Makes another descriptor of the same open file, numbered {@code lowest} or above. */
  int duplicate(int descriptor, int lowest);

  /** The flags of a descriptor: {@code FD_CLOEXEC} or 0. */
  int descriptorFlags(int descriptor);

  /** Marks a descriptor close-on-exec. */
  int setCloseOnExec(int descriptor);

  /** Marks a descriptor not close-on-exec. */
  int clearCloseOnExec(int descriptor);

  /** Makes the open file of a fresh pipe end non-blocking. */
  int setNonBlocking(int descriptor);

  /** Sets the capacity of a pipe. */
  int setPipeSize(int descriptor, int bytes);

  /** Writes the path of a file to {@code path}, 1024 bytes: on systems that have a call for it. */
  int filePath(int descriptor, MemorySegment path);

  /** Makes a non-blocking event counter. */
  int eventCounter();

  /**
   * Waits for any of the descriptors.
   *
   * @param nanos how long at most; negative is for ever
   */
  int poll(PollSet set, long nanos);

  // Waiting for many descriptors, where this system has epoll.

  /** Makes an epoll instance. */
  int epollCreate();

  /**
   * Adds a descriptor, to be reported once.
   *
   * @param events {@code POLLIN}, {@code POLLOUT}; that nobody is at the other end is reported in
   *     any case
   * @param token what {@link ReadyTokens} will hold
   */
  int epollAdd(int epoll, int descriptor, int events, long token);

  /** Lets a descriptor that was added be reported once more. */
  int epollModify(int epoll, int descriptor, int events, long token);

  /** Takes a descriptor out. */
  int epollDelete(int epoll, int descriptor);

  /** Waits, without limit, until some are ready; how many. */
  int epollWait(int epoll, ReadyTokens ready);

  // Spawning.

  /** Starts a program; 0 or the negated error. The id is written to {@code pid}, an int. */
  int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp);

  /** Initialises file actions in {@link Numbers#sizeOfSpawnActions} zeroed bytes. */
  int actionsInit(MemorySegment actions);

  /** Frees what the file actions hold. */
  int actionsDestroy(MemorySegment actions);

  /** Adds {@code dup2(from, to)} in the child. */
  int actionsAddDup2(MemorySegment actions, int from, int to);

  /** Adds {@code close(descriptor)} in the child. */
  int actionsAddClose(MemorySegment actions, int descriptor);

  /** Adds the closing of all descriptors from {@code lowest} on. */
  int actionsAddCloseFrom(MemorySegment actions, int lowest);

  /** Lets the child keep a descriptor, where {@link #cloexecDefault} would close it. */
  int actionsAddInherit(MemorySegment actions, int descriptor);

  /** Adds {@code chdir(path)} in the child. The path must live until the spawn. */
  int actionsAddChdir(MemorySegment actions, MemorySegment path);

  /** Initialises attributes in {@link Numbers#sizeOfSpawnAttributes} zeroed bytes. */
  int attributesInit(MemorySegment attributes);

  /** Frees what the attributes hold. */
  int attributesDestroy(MemorySegment attributes);

  /** Says which attributes count: {@code POSIX_SPAWN_…}. */
  int attributesSetFlags(MemorySegment attributes, int flags);

  /** The process group the child joins; 0 is one of its own. */
  int attributesSetGroup(MemorySegment attributes, int group);

  /** The signals the child starts with blocked. */
  int attributesSetMask(MemorySegment attributes, MemorySegment signals);

  /** The signals the child starts with at their defaults. */
  int attributesSetDefaults(MemorySegment attributes, MemorySegment signals);

  /**
   * The flag among {@code POSIX_SPAWN_…} that closes in the child whatever no file action names; 0
   * where there is none.
   */
  int cloexecDefault();

  /** Whether the file actions can close all other descriptors by themselves. */
  boolean hasCloseFrom();

  /** Whether the file actions can change the directory. */
  boolean hasChdir();

  /** Whether a relative program is looked for in the directory that a file action changes to. */
  boolean findsProgramAfterChdir();

  /**
   * Gives the calling thread its own descriptor table in which all from {@code first} on are
   * close-on-exec.
   */
  int closeRangeUnshared(int first);

  /** Gives the calling thread its own descriptor table, working directory and umask. */
  int unshareFilesAndDirectory();

  /** Changes the working directory. */
  int chdir(MemorySegment path);

  /** Sets the file mode creation mask of a thread that has its own; the one before. */
  int setMask(int mask);

  // Users and groups.

  /**
   * Looks a user up, as {@code getpwnam_r} does.
   *
   * @param name ends in NUL
   * @param entry room for a {@code struct passwd}
   * @param text room for what it points to; {@code -ERANGE} if it is too small
   * @param found where the address of the entry is put, or NULL if there is none
   */
  int findUser(MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found);

  /** Looks a group up, as {@link #findUser}, with a {@code struct group}. */
  int findGroup(MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found);

  /** The effective user of the calling thread. */
  int effectiveUser();

  /** The effective group of the calling thread. */
  int effectiveGroup();

  /** Fetches the supplementary groups of the calling thread, up to {@code count} ints; how many. */
  int threadGroups(int count, MemorySegment groups);

  /** Takes from the calling thread the capabilities that children would inherit. */
  int dropAmbientCapabilities();

  /**
   * Makes a user the real and effective one of the calling thread alone; the saved user stays, so
   * that there is a way back.
   */
  int setThreadUser(int user);

  /** Makes a group the real and effective one of the calling thread alone. */
  int setThreadGroup(int group);

  /** Sets the supplementary groups, {@code count} ints, of the calling thread alone. */
  int setThreadGroups(int count, MemorySegment groups);

  /** Whether this process may be traced and dumped by others of its user: 1. */
  int dumpable();

  /** Lets it, with 1. */
  int setDumpable(int dumpable);

  /**
   * The address of the environment, an array of C strings that ends in NULL; may be NULL itself.
   */
  MemorySegment environment();

  /**
   * The version of a C library whose behaviour depends on it, such as {@code 2.36}; empty for
   * others.
   */
  String libraryVersion();

  // Children.

  /** Waits for one child; {@code info} has {@link Numbers#sizeOfSigInfo} zeroed bytes. */
  int waitId(int idType, int id, MemorySegment info, int options);

  /** A descriptor that stands for a process. */
  int processDescriptor(int pid);

  /** Sends a signal to the process a descriptor stands for. */
  int signalDescriptor(int processDescriptor, int signal);

  /** Sends a signal. */
  int kill(int pid, int signal);

  /** The first real-time signal that the C library leaves to programs. */
  int firstRealTimeSignal();

  /** The last real-time signal. */
  int lastRealTimeSignal();

  /** Lets children that end become zombies, if SIGCHLD was ignored. */
  int restoreChildSignal();

  // Memory.

  /** Maps zeroed private memory; the address. */
  long map(long bytes);

  /** Grows, shrinks or moves a mapping; the address. */
  long remap(long address, long oldBytes, long newBytes);

  /** Gives a mapping back. */
  int unmap(long address, long bytes);
}

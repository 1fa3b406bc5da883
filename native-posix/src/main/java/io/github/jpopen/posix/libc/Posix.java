package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.PosixConstants;
import java.lang.foreign.MemorySegment;

/**
 * The system calls that this module makes, one method each.
 *
 * <p>A method returns what the call returns, or the negated errno, captured in the same downcall.
 * Segments are native unless the method says otherwise.
 *
 * <p>Not every system has every call. A method with a default body is such a call; the body returns
 * {@code -ENOSYS}, as a kernel does that lacks the call.
 */
public interface Posix {

  /** How a file is opened. */
  enum Access {
    /** An existing file, for reading. */
    READ,
    /** For writing; the file is created or truncated. */
    WRITE,
    /** For writing at the end; the file is created if it does not exist. */
    APPEND,
    /** An existing file or device, for reading and writing. */
    BOTH
  }

  /** The constants of this system. */
  PosixConstants constants();

  // Descriptors. All new ones are close-on-exec.

  /** Creates a pipe and stores two ints in {@code ends}: the read end, then the write end. */
  int pipe(MemorySegment ends);

  /** Opens a file; {@code path} is terminated by NUL. */
  int open(MemorySegment path, Access access);

  /** Makes a directory; {@code path} is terminated by NUL. */
  default int makeDirectory(MemorySegment path, int mode) {
    return -constants().ENOSYS();
  }

  /** Removes an empty directory; {@code path} is terminated by NUL. */
  default int removeDirectory(MemorySegment path) {
    return -constants().ENOSYS();
  }

  /** Closes a descriptor. The descriptor is invalid afterwards, whatever the result. */
  int close(int descriptor);

  /**
   * Reads at most {@code bytes} into the start of {@code to}. The segment may be on the Java heap
   * if the descriptor is non-blocking: the garbage collector waits while the call lasts.
   */
  long read(int descriptor, MemorySegment to, long bytes);

  /**
   * Writes at most {@code bytes} from the start of {@code from}; for the heap, see {@link #read}.
   */
  long write(int descriptor, MemorySegment from, long bytes);

  /** Duplicates a descriptor to the lowest free number that is at least {@code lowest}. */
  int duplicate(int descriptor, int lowest);

  /** The flags of a descriptor: {@code FD_CLOEXEC} or 0. */
  int descriptorFlags(int descriptor);

  /** The access mode and status flags of an open file: {@code O_WRONLY}, {@code O_APPEND} ... */
  int statusFlags(int descriptor);

  /** Sets the close-on-exec flag. */
  int setCloseOnExec(int descriptor);

  /** Clears the close-on-exec flag. */
  int clearCloseOnExec(int descriptor);

  /** Makes a new pipe end non-blocking. */
  int setNonBlocking(int descriptor);

  /**
   * How many bytes are in a pipe. At a writing end that is known only if {@link
   * #countsWhatIsUnread} says so.
   */
  int queued(int descriptor);

  /** Whether the writing end of a pipe tells how many bytes were not read, too. */
  default boolean countsWhatIsUnread() {
    return false;
  }

  /** Sets the capacity of a pipe. Linux only. */
  default int setPipeSize(int descriptor, int bytes) {
    return -constants().ENOSYS();
  }

  /** Stores the path of an open file in {@code path}, which has 1024 bytes. macOS only. */
  default int filePath(int descriptor, MemorySegment path) {
    return -constants().ENOSYS();
  }

  /** Creates a non-blocking eventfd. Linux only. */
  default int eventCounter() {
    return -constants().ENOSYS();
  }

  /**
   * Waits until one of the descriptors is ready.
   *
   * @param nanos the longest time to wait; negative means without limit
   */
  int poll(PollSet set, long nanos);

  // epoll, which only Linux has.

  /** Creates an epoll instance. */
  default int epollCreate() {
    return -constants().ENOSYS();
  }

  /**
   * Adds a descriptor, which is reported once.
   *
   * @param events {@code POLLIN}, {@code POLLOUT}; {@code POLLHUP} and {@code POLLERR} are always
   *     reported
   * @param token what {@link ReadyTokens} will hold
   */
  default int epollAdd(int epoll, int descriptor, int events, long token) {
    return -constants().ENOSYS();
  }

  /** Rearms a descriptor that was added, so that it is reported once more. */
  default int epollModify(int epoll, int descriptor, int events, long token) {
    return -constants().ENOSYS();
  }

  /** Removes a descriptor. */
  default int epollDelete(int epoll, int descriptor) {
    return -constants().ENOSYS();
  }

  /**
   * Waits until descriptors are ready, or as long as {@code ready} says, and returns how many are.
   */
  default int epollWait(int epoll, ReadyTokens ready) {
    return -constants().ENOSYS();
  }

  // Spawning.

  /** Starts a program and stores its id in {@code pid}, an int. Returns 0 or the negated error. */
  int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp);

  /** Initialises file actions in {@link PosixConstants#sizeOfSpawnActions} zeroed bytes. */
  int actionsInit(MemorySegment actions);

  /** Frees what the file actions hold. */
  int actionsDestroy(MemorySegment actions);

  /** Adds {@code dup2(from, to)} in the child. */
  int actionsAddDup2(MemorySegment actions, int from, int to);

  /** Adds {@code close(descriptor)} in the child. */
  int actionsAddClose(MemorySegment actions, int descriptor);

  /** Adds the closing of all descriptors from {@code lowest} on. glibc 2.34 only. */
  default int actionsAddCloseFrom(MemorySegment actions, int lowest) {
    return -constants().ENOSYS();
  }

  /** Keeps a descriptor open that {@link #cloexecDefault} would close. macOS only. */
  default int actionsAddInherit(MemorySegment actions, int descriptor) {
    return -constants().ENOSYS();
  }

  /** Adds {@code chdir(path)} in the child. The path must stay valid until the spawn. */
  int actionsAddChdir(MemorySegment actions, MemorySegment path);

  /** Initialises attributes in {@link PosixConstants#sizeOfSpawnAttributes} zeroed bytes. */
  int attributesInit(MemorySegment attributes);

  /** Frees what the attributes hold. */
  int attributesDestroy(MemorySegment attributes);

  /** Sets which attributes take effect: {@code POSIX_SPAWN_…}. */
  int attributesSetFlags(MemorySegment attributes, int flags);

  /** Sets the process group that the child joins; 0 is a new one. */
  int attributesSetGroup(MemorySegment attributes, int group);

  /** Sets the signals that are blocked when the child starts. */
  int attributesSetMask(MemorySegment attributes, MemorySegment signals);

  /** Sets the signals whose handlers are reset to the default in the child. */
  int attributesSetDefaults(MemorySegment attributes, MemorySegment signals);

  /**
   * The flag among {@code POSIX_SPAWN_…} that closes every descriptor that no file action names; 0
   * if there is no such flag. macOS only.
   */
  default int cloexecDefault() {
    return 0;
  }

  /** Whether {@link #actionsAddCloseFrom} works. */
  default boolean hasCloseFrom() {
    return false;
  }

  /** Whether {@link #actionsAddChdir} works. */
  boolean hasChdir();

  /** Whether a relative program is looked up in the directory set by {@link #actionsAddChdir}. */
  boolean findsProgramAfterChdir();

  /**
   * Gives the calling thread a descriptor table of its own, in which all descriptors from {@code
   * first} on are close-on-exec. Linux only.
   */
  default int closeRangeUnshared(int first) {
    return -constants().ENOSYS();
  }

  /**
   * Gives the calling thread a descriptor table, a working directory and a umask of its own. Linux
   * only.
   */
  default int unshareFilesAndDirectory() {
    return -constants().ENOSYS();
  }

  /** Changes the working directory. */
  int chdir(MemorySegment path);

  /** Sets the umask of a thread that has its own, and returns the previous one. Linux only. */
  default int setMask(int mask) {
    return -constants().ENOSYS();
  }

  // Users and groups of one thread, which only Linux has.

  /**
   * Looks up a user by {@code getpwnam_r}.
   *
   * @param name terminated by NUL
   * @param entry room for a {@code struct passwd}
   * @param text room for the strings of the entry; {@code -ERANGE} if it is too small
   * @param found where the address of the entry is stored, or NULL if there is no such user
   */
  default int findUser(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return -constants().ENOSYS();
  }

  /** Looks up a group like {@link #findUser}, with a {@code struct group}. */
  default int findGroup(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return -constants().ENOSYS();
  }

  /** The effective user of the calling thread. */
  default int effectiveUser() {
    return -constants().ENOSYS();
  }

  /** The effective group of the calling thread. */
  default int effectiveGroup() {
    return -constants().ENOSYS();
  }

  /**
   * Stores the supplementary groups of the calling thread, at most {@code count} ints, and returns
   * how many there are.
   */
  default int threadGroups(int count, MemorySegment groups) {
    return -constants().ENOSYS();
  }

  /** Drops the capabilities of the calling thread that a child would inherit. */
  default int dropAmbientCapabilities() {
    return -constants().ENOSYS();
  }

  /**
   * Sets the real and the effective user of the calling thread only. The saved user stays, so that
   * the change can be undone.
   */
  default int setThreadUser(int user) {
    return -constants().ENOSYS();
  }

  /** Sets the real and the effective group of the calling thread only. */
  default int setThreadGroup(int group) {
    return -constants().ENOSYS();
  }

  /** Sets the supplementary groups, {@code count} ints, of the calling thread only. */
  default int setThreadGroups(int count, MemorySegment groups) {
    return -constants().ENOSYS();
  }

  /** {@code PR_GET_DUMPABLE}: 1 if other processes of the same user may trace and dump this one. */
  default int dumpable() {
    return -constants().ENOSYS();
  }

  /** {@code PR_SET_DUMPABLE}. */
  default int setDumpable(int dumpable) {
    return -constants().ENOSYS();
  }

  /** The address of the environment: an array of C strings that ends in NULL; may be NULL. */
  MemorySegment environment();

  /** The version of glibc, for example {@code 2.36}; empty for other C libraries. */
  default String libraryVersion() {
    return "";
  }

  // Children.

  /**
   * Waits for one child.
   *
   * @param info {@link PosixConstants#sizeOfSigInfo} zeroed bytes
   * @param usage {@link PosixConstants#sizeOfUsage} bytes for what the child has used, or {@link
   *     MemorySegment#NULL}
   */
  int waitId(int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage);

  /** Opens a descriptor that refers to a process. Linux only. */
  default int processDescriptor(int pid) {
    return -constants().ENOSYS();
  }

  /** Sends a signal to the process that a descriptor refers to. Linux only. */
  default int signalDescriptor(ProcessNumber descriptor, int signal) {
    return -constants().ENOSYS();
  }

  /** Whether {@code /proc} of this system describes processes as Linux does. */
  default boolean hasProcFiles() {
    return false;
  }

  /** Sends a signal to a process. */
  int kill(int pid, int signal);

  /** The first real-time signal that the C library does not reserve for itself. Linux only. */
  default int firstRealTimeSignal() {
    return -constants().ENOSYS();
  }

  /** The last real-time signal. Linux only. */
  default int lastRealTimeSignal() {
    return -constants().ENOSYS();
  }

  /** If this process ignores SIGCHLD, restores the default, so that exit codes can be collected. */
  int restoreChildSignal();

  // Memory.

  /** Maps zeroed private memory and returns its address. */
  long map(long bytes);

  /** Grows, shrinks or moves a mapping and returns its address. Linux only. */
  default long remap(long address, long oldBytes, long newBytes) {
    return -constants().ENOSYS();
  }

  /** Asks for huge pages in a mapping, which may be refused. Linux only. */
  default int adviseHugePages(long address, long bytes) {
    return -constants().ENOSYS();
  }

  /** Unmaps memory. */
  int unmap(long address, long bytes);
}

package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.PortableConstants;
import io.github.jpopen.posix.constants.PosixConstants;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.StampedLock;

/**
 * The calls that Linux and macOS have in common, and nothing else.
 *
 * <p>Whatever can run on both systems belongs here, so that the code tested on one is the code that
 * runs on the other. The constants are passed in. A system adds its own calls in a subclass. A test
 * compiles the prototypes against the headers of both systems.
 */
abstract class PortablePosix implements Posix {
  private static final int MODE = 0666;

  /** The bits of a status of {@code wait4} that hold a signal; all are set if the child stopped. */
  private static final int SIGNAL = 0x7f;

  private final PortableConstants constants;
  private final NativeFunction pipe;
  final NativeFunction open;
  private final NativeFunction close;
  private final NativeFunction read;
  private final NativeFunction write;
  final NativeFunction fcntl;
  final NativeFunction ioctl;
  private final NativeFunction poll;
  private final NativeFunction posixSpawn;
  private final NativeFunction actionsInit;
  private final NativeFunction actionsDestroy;
  private final NativeFunction actionsAddDup2;
  private final NativeFunction actionsAddClose;
  private final NativeFunction actionsAddChdir;
  private final NativeFunction attributesInit;
  private final NativeFunction attributesDestroy;
  private final NativeFunction attributesSetFlags;
  private final NativeFunction attributesSetGroup;
  private final NativeFunction attributesSetMask;
  private final NativeFunction attributesSetDefaults;
  private final NativeFunction chdir;
  private final NativeFunction waitid;
  private final NativeFunction waitidNow;
  private final NativeFunction wait4;
  private final NativeFunction wait4Now;
  private final NativeFunction kill;
  private final NativeFunction sigaction;
  private final NativeFunction mmap;
  private final NativeFunction munmap;

  /** Write-locked while a new descriptor is not close-on-exec yet; read-locked by each spawn. */
  private final StampedLock unmarked = new StampedLock();

  PortablePosix(PortableConstants constants) {
    this.constants = constants;
    pipe = function("pipe");
    open = function("open");
    close = brief("close");
    read = brief("read");
    write = brief("write");
    fcntl = brief("fcntl");
    ioctl = function("ioctl");
    poll = function("poll");
    posixSpawn = function("posix_spawn");
    actionsInit = function("posix_spawn_file_actions_init");
    actionsDestroy = function("posix_spawn_file_actions_destroy");
    actionsAddDup2 = function("posix_spawn_file_actions_adddup2");
    actionsAddClose = function("posix_spawn_file_actions_addclose");
    actionsAddChdir = function("posix_spawn_file_actions_addchdir_np");
    attributesInit = function("posix_spawnattr_init");
    attributesDestroy = function("posix_spawnattr_destroy");
    attributesSetFlags = function("posix_spawnattr_setflags");
    attributesSetGroup = function("posix_spawnattr_setpgroup");
    attributesSetMask = function("posix_spawnattr_setsigmask");
    attributesSetDefaults = function("posix_spawnattr_setsigdefault");
    chdir = function("chdir");
    waitid = function("waitid");
    waitidNow = brief("waitid");
    wait4 = function("wait4");
    wait4Now = brief("wait4");
    kill = brief("kill");
    sigaction = function("sigaction");
    mmap = function("mmap");
    munmap = function("munmap");
    // Looked up now: when a child must be killed, there may be no memory for it.
    kill.address();
    waitidNow.address();
    wait4Now.address();
  }

  /** A function of this system's C library; returns {@code -ENOSYS} if the library lacks it. */
  final NativeFunction function(String name) {
    return new NativeFunction(name, -constants.ENOSYS(), false);
  }

  /** The same for one that never waits, at least not with the arguments that it gets here. */
  final NativeFunction brief(String name) {
    return new NativeFunction(name, -constants.ENOSYS(), true);
  }

  @Override
  public final PosixConstants constants() {
    return constants;
  }

  // Two calls. The lock keeps our own children from inheriting the pipe between them; a child that
  // other code starts may have a copy until it executes its program or closes its descriptors.
  @Override
  public int pipe(MemorySegment ends) {
    long stamp = unmarked.writeLock();
    try {
      int result = makePipe(ends);
      if (result < 0) {
        return result;
      }
      int reading = ends.get(ValueLayout.JAVA_INT, 0);
      int writing = ends.get(ValueLayout.JAVA_INT, Integer.BYTES);
      result = Math.min(setCloseOnExec(reading), setCloseOnExec(writing));
      if (result < 0) {
        close(reading);
        close(writing);
        return result;
      }
      return 0;
    } finally {
      unmarked.unlockWrite(stamp);
    }
  }

  // int pipe(int fds[2]);
  private int makePipe(MemorySegment ends) {
    return pipe.callInt(ends.address());
  }

  @Override
  public final int open(MemorySegment path, Access access) {
    int flags =
        switch (access) {
          case READ -> constants.O_RDONLY();
          case WRITE -> constants.O_WRONLY() | constants.O_CREAT() | constants.O_TRUNC();
          case APPEND -> constants.O_WRONLY() | constants.O_CREAT() | constants.O_APPEND();
          case BOTH -> constants.O_RDWR();
        };
    return open(path.address(), flags | constants.O_CLOEXEC() | constants.O_NOCTTY(), MODE);
  }

  // int open(const char *path, int flags, ...);
  int open(long path, int flags, int mode) {
    return open.callVariadic(path, flags, mode);
  }

  // int close(int fd);
  @Override
  public final int close(int descriptor) {
    return close.callInt(descriptor);
  }

  // ssize_t read(int fd, void *buffer, size_t count);
  @Override
  public final long read(int descriptor, MemorySegment to, long bytes) {
    return read.call(descriptor, to, bytes, 0, 0, 0);
  }

  // ssize_t write(int fd, const void *buffer, size_t count);
  @Override
  public final long write(int descriptor, MemorySegment from, long bytes) {
    return write.call(descriptor, from, bytes, 0, 0, 0);
  }

  // int fcntl(int fd, int operation, ...);
  int fcntl(int descriptor, int operation, long argument) {
    return fcntl.callVariadic(descriptor, operation, argument);
  }

  @Override
  public final int duplicate(int descriptor, int lowest) {
    return fcntl(descriptor, constants.F_DUPFD_CLOEXEC(), lowest);
  }

  @Override
  public final int descriptorFlags(int descriptor) {
    return fcntl(descriptor, constants.F_GETFD(), 0);
  }

  @Override
  public final int statusFlags(int descriptor) {
    return fcntl(descriptor, constants.F_GETFL(), 0);
  }

  @Override
  public final int setCloseOnExec(int descriptor) {
    return fcntl(descriptor, constants.F_SETFD(), constants.FD_CLOEXEC());
  }

  @Override
  public final int clearCloseOnExec(int descriptor) {
    return fcntl(descriptor, constants.F_SETFD(), 0);
  }

  @Override
  public final int setNonBlocking(int descriptor) {
    return fcntl(descriptor, constants.F_SETFL(), constants.O_NONBLOCK());
  }

  // int ioctl(int fd, unsigned long request, ...);
  int ioctl(int descriptor, int request, long argument) {
    return ioctl.callVariadic(descriptor, request, argument);
  }

  @Override
  public final int queued(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      int result = ioctl(descriptor, constants.FIONREAD(), count.address());
      return result < 0 ? result : count.get(ValueLayout.JAVA_INT, 0);
    }
  }

  // int poll(struct pollfd *fds, nfds_t count, int timeout);
  @Override
  public int poll(PollSet set, long nanos) {
    return poll.callInt(set.structs(), set.count(), PollSet.millis(nanos));
  }

  @Override
  public int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    long stamp = unmarked.readLock();
    try {
      return posixSpawn(pid, path, actions, attributes, argv, envp);
    } finally {
      unmarked.unlockRead(stamp);
    }
  }

  // int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
  //                 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]);
  final int posixSpawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    return posixSpawn.callError(
        pid.address(),
        path.address(),
        actions.address(),
        attributes.address(),
        argv.address(),
        envp.address());
  }

  // int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions);
  @Override
  public int actionsInit(MemorySegment actions) {
    return actionsInit.callError(actions.address());
  }

  // int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions);
  @Override
  public int actionsDestroy(MemorySegment actions) {
    return actionsDestroy.callError(actions.address());
  }

  // int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int fd, int newfd);
  @Override
  public int actionsAddDup2(MemorySegment actions, int from, int to) {
    return actionsAddDup2.callError(actions.address(), from, to);
  }

  // int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd);
  @Override
  public final int actionsAddClose(MemorySegment actions, int descriptor) {
    return actionsAddClose.callError(actions.address(), descriptor);
  }

  // int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions,
  //                                          const char *path);
  @Override
  public final int actionsAddChdir(MemorySegment actions, MemorySegment path) {
    return actionsAddChdir.callError(actions.address(), path.address());
  }

  // int posix_spawnattr_init(posix_spawnattr_t *attributes);
  @Override
  public final int attributesInit(MemorySegment attributes) {
    return attributesInit.callError(attributes.address());
  }

  // int posix_spawnattr_destroy(posix_spawnattr_t *attributes);
  @Override
  public final int attributesDestroy(MemorySegment attributes) {
    return attributesDestroy.callError(attributes.address());
  }

  // int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags);
  @Override
  public int attributesSetFlags(MemorySegment attributes, int flags) {
    return attributesSetFlags.callError(attributes.address(), flags);
  }

  // int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t group);
  @Override
  public final int attributesSetGroup(MemorySegment attributes, int group) {
    return attributesSetGroup.callError(attributes.address(), group);
  }

  // int posix_spawnattr_setsigmask(posix_spawnattr_t *attributes, const sigset_t *mask);
  @Override
  public final int attributesSetMask(MemorySegment attributes, MemorySegment signals) {
    return attributesSetMask.callError(attributes.address(), signals.address());
  }

  // int posix_spawnattr_setsigdefault(posix_spawnattr_t *attributes, const sigset_t *defaults);
  @Override
  public final int attributesSetDefaults(MemorySegment attributes, MemorySegment signals) {
    return attributesSetDefaults.callError(attributes.address(), signals.address());
  }

  @Override
  public final boolean hasChdir() {
    return actionsAddChdir.exists();
  }

  // int chdir(const char *path);
  @Override
  public final int chdir(MemorySegment path) {
    return chdir.callInt(path.address());
  }

  // wait4 collects, because waitid of macOS reports up to 32 bits of an exit code, and in older
  // versions no signal. But only waitid can leave the exit uncollected (WNOWAIT).
  @Override
  public int waitId(
      int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
    return (options & constants.WNOWAIT()) == 0
        ? collect(id.value(), info, options & constants.WNOHANG(), usage)
        : callWaitId(idType, id, info, options);
  }

  // int waitid(idtype_t type, id_t id, siginfo_t *info, int options);
  final int callWaitId(int idType, ProcessNumber id, MemorySegment info, int options) {
    return (options & constants.WNOHANG()) == 0
        ? waitid.callInt(idType, id.argument(), info.address(), options)
        : waitidNow.callInt(idType, id.argument(), info.address(), options);
  }

  // A child that we trace reports its stops as well, unasked: these are no exits.
  final int collect(int pid, MemorySegment info, int options, MemorySegment usage) {
    int result;
    do {
      result = callWait4(pid, info, options, usage);
    } while (result > 0 && options == 0 && hasStopped(info));
    int ended = result > 0 && hasStopped(info) ? 0 : Math.max(result, 0);
    int status = info.get(ValueLayout.JAVA_INT, 0);
    int signal = status & SIGNAL; // the macros of sys/wait.h: WTERMSIG, WCOREDUMP, WEXITSTATUS
    boolean dumped = (status & 0x80) != 0;
    info.set(ValueLayout.JAVA_INT, constants.offsetOfPid(), ended);
    info.set(
        ValueLayout.JAVA_INT,
        constants.offsetOfCode(),
        signal == 0
            ? constants.CLD_EXITED()
            : dumped ? constants.CLD_DUMPED() : constants.CLD_KILLED());
    info.set(
        ValueLayout.JAVA_INT,
        constants.offsetOfStatus(),
        signal == 0 ? status >> Byte.SIZE & 0xff : signal);
    return Math.min(result, 0);
  }

  // pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
  private int callWait4(int pid, MemorySegment status, int options, MemorySegment usage) {
    return options == 0
        ? wait4.callInt(pid, status, options, usage.address())
        : wait4Now.callInt(pid, status, options, usage.address());
  }

  private static boolean hasStopped(MemorySegment status) { // WIFSTOPPED
    return (status.get(ValueLayout.JAVA_INT, 0) & SIGNAL) == SIGNAL;
  }

  // int kill(pid_t pid, int signal);
  @Override
  public final int kill(int pid, int signal) {
    return kill.callInt(pid, signal);
  }

  @Override
  public final int restoreChildSignal() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(constants.sizeOfSigAction(), Long.BYTES);
      int result = sigaction(MemorySegment.NULL, action);
      if (result < 0) {
        return result;
      }
      long handler = action.get(ValueLayout.JAVA_LONG, constants.offsetOfHandler());
      int flags = action.get(ValueLayout.JAVA_INT, constants.offsetOfFlags());
      if (handler != constants.SIG_IGN().address() && (flags & constants.SA_NOCLDWAIT()) == 0) {
        return 0;
      }
      action.fill((byte) 0); // SIG_DFL, as java.lang.ProcessBuilder sets it
      int wanted = constants.SA_NOCLDSTOP() | constants.SA_RESTART();
      action.set(ValueLayout.JAVA_INT, constants.offsetOfFlags(), wanted);
      return sigaction(action, MemorySegment.NULL);
    }
  }

  // int sigaction(int signal, const struct sigaction *action, struct sigaction *old);
  private int sigaction(MemorySegment action, MemorySegment old) {
    return sigaction.callInt(constants.SIGCHLD(), action.address(), old.address());
  }

  // void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset);
  @Override
  public final long map(long bytes) {
    int protection = constants.PROT_READ() | constants.PROT_WRITE();
    int flags = constants.MAP_PRIVATE() | constants.MAP_ANONYMOUS();
    return mmap.call(0, bytes, protection, flags, -1, 0);
  }

  // int munmap(void *address, size_t length);
  @Override
  public final int unmap(long address, long bytes) {
    return munmap.callInt(address, bytes);
  }
}

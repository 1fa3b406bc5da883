package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.ffi.linux.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The calls on Linux, whatever the C library: glibc or musl, x86_64 or aarch64.
 *
 * <p>The functions are linked through {@link UniformCall} and not through the generated wrappers,
 * each of which would link its own shape; prototypes and numbers are those of the generated
 * bindings. {@code pidfd_open}, {@code pidfd_send_signal} and {@code close_range} go through {@code
 * syscall}, because C libraries got wrappers for them years after kernels did.
 */
public final class LinuxPosix implements Posix {
  private static final int NO_SUCH_CALL = -LibC.ENOSYS();
  private static final int MODE = 0666;
  private static final int EVERYTHING = -1;
  private static final int FOREVER = -1;

  private final Numbers numbers = new LinuxNumbers();
  private final NativeFunction pipe2 = function("pipe2");
  private final NativeFunction open = function("open");
  private final NativeFunction close = function("close");
  private final NativeFunction read = function("read");
  private final NativeFunction write = function("write");
  private final NativeFunction fcntl = function("fcntl");
  private final NativeFunction eventfd = function("eventfd");
  private final NativeFunction ppoll = function("ppoll");
  private final NativeFunction epollCreate1 = function("epoll_create1");
  private final NativeFunction epollCtl = function("epoll_ctl");
  private final NativeFunction epollWait = function("epoll_wait");
  private final NativeFunction posixSpawn = function("posix_spawn");
  private final NativeFunction actionsInit = function("posix_spawn_file_actions_init");
  private final NativeFunction actionsDestroy = function("posix_spawn_file_actions_destroy");
  private final NativeFunction actionsAddDup2 = function("posix_spawn_file_actions_adddup2");
  private final NativeFunction actionsAddClose = function("posix_spawn_file_actions_addclose");
  private final NativeFunction actionsAddCloseFrom =
      function("posix_spawn_file_actions_addclosefrom_np");
  private final NativeFunction actionsAddChdir = function("posix_spawn_file_actions_addchdir_np");
  private final NativeFunction attributesInit = function("posix_spawnattr_init");
  private final NativeFunction attributesDestroy = function("posix_spawnattr_destroy");
  private final NativeFunction attributesSetFlags = function("posix_spawnattr_setflags");
  private final NativeFunction attributesSetGroup = function("posix_spawnattr_setpgroup");
  private final NativeFunction attributesSetMask = function("posix_spawnattr_setsigmask");
  private final NativeFunction attributesSetDefaults = function("posix_spawnattr_setsigdefault");
  private final NativeFunction syscall = function("syscall");
  private final NativeFunction unshare = function("unshare");
  private final NativeFunction chdir = function("chdir");
  private final NativeFunction environ = function("environ");
  private final NativeFunction gnuGetLibcVersion = function("gnu_get_libc_version");
  private final NativeFunction waitid = function("waitid");
  private final NativeFunction waitpid = function("waitpid");
  private final NativeFunction kill = function("kill");
  private final NativeFunction sigaction = function("sigaction");
  private final NativeFunction mmap = function("mmap");
  private final NativeFunction mremap = function("mremap");
  private final NativeFunction munmap = function("munmap");

  private LinuxPosix() {}

  /**
   * Links.
   *
   * @return the calls
   * @throws IllegalCallerException if native access is denied
   */
  public static LinuxPosix link() {
    UniformCall.link();
    return new LinuxPosix();
  }

  private static NativeFunction function(String name) {
    return new NativeFunction(name, NO_SUCH_CALL);
  }

  @Override
  public Numbers numbers() {
    return numbers;
  }

  // int pipe2(int pipefd[2], int flags);
  @Override
  public int pipe(MemorySegment ends) {
    return pipe2.callInt(ends.address(), LibC.O_CLOEXEC()); // glibc's pipe(2) calls it, too
  }

  // int open(const char *pathname, int flags, ... /* mode_t mode */);
  @Override
  public int open(MemorySegment path, Access access) {
    int flags =
        switch (access) {
          case READ -> LibC.O_RDONLY();
          case WRITE -> LibC.O_WRONLY() | LibC.O_CREAT() | LibC.O_TRUNC();
          case APPEND -> LibC.O_WRONLY() | LibC.O_CREAT() | LibC.O_APPEND();
          case BOTH -> LibC.O_RDWR();
        };
    return open.callInt(path.address(), flags | LibC.O_CLOEXEC() | LibC.O_NOCTTY(), MODE);
  }

  // int close(int fd);
  @Override
  public int close(int descriptor) {
    return close.callInt(descriptor);
  }

  // ssize_t read(int fd, void buf[count], size_t count);
  @Override
  public long read(int descriptor, MemorySegment to, long bytes) {
    return read.call(descriptor, to, bytes, 0, 0, 0);
  }

  // ssize_t write(int fd, const void buf[count], size_t count);
  @Override
  public long write(int descriptor, MemorySegment from, long bytes) {
    return write.call(descriptor, from, bytes, 0, 0, 0);
  }

  // int fcntl(int fd, int op, ... /* arg */ );
  @Override
  public int duplicate(int descriptor, int lowest) {
    return fcntl.callInt(descriptor, LibC.F_DUPFD_CLOEXEC(), lowest);
  }

  // int fcntl(int fd, int op, ... /* arg */ );
  @Override
  public int descriptorFlags(int descriptor) {
    return fcntl.callInt(descriptor, LibC.F_GETFD());
  }

  // int fcntl(int fd, int op, ... /* arg */ );
  @Override
  public int setCloseOnExec(int descriptor) {
    return fcntl.callInt(descriptor, LibC.F_SETFD(), LibC.FD_CLOEXEC());
  }

  // int fcntl(int fd, int op, ... /* arg */ );
  @Override
  public int setNonBlocking(int descriptor) {
    return fcntl.callInt(descriptor, LibC.F_SETFL(), LibC.O_NONBLOCK());
  }

  // int fcntl(int fd, int op, ... /* arg */ );
  @Override
  public int setPipeSize(int descriptor, int bytes) {
    return fcntl.callInt(descriptor, LibC.F_SETPIPE_SZ(), bytes);
  }

  // int eventfd(unsigned int initval, int flags);
  @Override
  public int eventCounter() {
    return eventfd.callInt(0, LibC.EFD_CLOEXEC() | LibC.EFD_NONBLOCK());
  }

  // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo_p, const sigset_t
  // *sigmask);
  @Override
  public int poll(PollSet set, long nanos) {
    return ppoll.callInt(set.structs(), set.count(), nanos < 0 ? 0 : set.timespec(nanos), 0);
  }

  // int epoll_create1(int flags);
  @Override
  public int epollCreate() {
    return epollCreate1.callInt(LibC.EPOLL_CLOEXEC());
  }

  @Override
  public int epollAdd(int epoll, int descriptor, int events, long token) {
    return epollControl(epoll, LibC.EPOLL_CTL_ADD(), descriptor, events, token);
  }

  @Override
  public int epollModify(int epoll, int descriptor, int events, long token) {
    return epollControl(epoll, LibC.EPOLL_CTL_MOD(), descriptor, events, token);
  }

  @Override
  public int epollDelete(int epoll, int descriptor) {
    return epollCtl.callInt(epoll, LibC.EPOLL_CTL_DEL(), descriptor, 0);
  }

  // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
  private int epollControl(int epoll, int operation, int descriptor, int events, long token) {
    try (Arena arena = Arena.ofConfined()) {
      // The bits of poll(2) are those of epoll on both CPUs.
      MemorySegment event = ReadyTokens.event(arena, events | LibC.EPOLLONESHOT(), token);
      return epollCtl.callInt(epoll, operation, descriptor, event.address());
    }
  }

  // int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);
  @Override
  public int epollWait(int epoll, ReadyTokens ready) {
    return epollWait.callInt(epoll, ready.address(), ReadyTokens.CAPACITY, FOREVER);
  }

  // int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *file_actions,
  //                 const posix_spawnattr_t *attrp, char *const argv[], char *const envp[]);
  @Override
  public int spawn(
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

  // int posix_spawn_file_actions_init(posix_spawn_file_actions_t *file_actions);
  @Override
  public int actionsInit(MemorySegment actions) {
    return actionsInit.callError(actions.address());
  }

  // int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *file_actions);
  @Override
  public int actionsDestroy(MemorySegment actions) {
    return actionsDestroy.callError(actions.address());
  }

  // int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *file_actions, int fildes, int
  // newfildes);
  @Override
  public int actionsAddDup2(MemorySegment actions, int from, int to) {
    return actionsAddDup2.callError(actions.address(), from, to);
  }

  // int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *file_actions, int fildes);
  @Override
  public int actionsAddClose(MemorySegment actions, int descriptor) {
    return actionsAddClose.callError(actions.address(), descriptor);
  }

  // int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *file_actions, int
  // from);
  @Override
  public int actionsAddCloseFrom(MemorySegment actions, int lowest) {
    return actionsAddCloseFrom.callError(actions.address(), lowest);
  }

  // int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *file_actions, const char
  // *path);
  @Override
  public int actionsAddChdir(MemorySegment actions, MemorySegment path) {
    return actionsAddChdir.callError(actions.address(), path.address());
  }

  // int posix_spawnattr_init(posix_spawnattr_t *attr);
  @Override
  public int attributesInit(MemorySegment attributes) {
    return attributesInit.callError(attributes.address());
  }

  // int posix_spawnattr_destroy(posix_spawnattr_t *attr);
  @Override
  public int attributesDestroy(MemorySegment attributes) {
    return attributesDestroy.callError(attributes.address());
  }

  // int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags);
  @Override
  public int attributesSetFlags(MemorySegment attributes, int flags) {
    return attributesSetFlags.callError(attributes.address(), flags);
  }

  // int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t pgroup);
  @Override
  public int attributesSetGroup(MemorySegment attributes, int group) {
    return attributesSetGroup.callError(attributes.address(), group);
  }

  // int posix_spawnattr_setsigmask(posix_spawnattr_t *attr, const sigset_t *sigmask);
  @Override
  public int attributesSetMask(MemorySegment attributes, MemorySegment signals) {
    return attributesSetMask.callError(attributes.address(), signals.address());
  }

  // int posix_spawnattr_setsigdefault(posix_spawnattr_t *attr, const sigset_t *sigdefault);
  @Override
  public int attributesSetDefaults(MemorySegment attributes, MemorySegment signals) {
    return attributesSetDefaults.callError(attributes.address(), signals.address());
  }

  @Override
  public boolean hasCloseFrom() {
    return actionsAddCloseFrom.exists();
  }

  @Override
  public boolean hasChdir() {
    return actionsAddChdir.exists();
  }

  // int close_range(unsigned int first, unsigned int last, int flags);
  @Override
  public int closeRangeUnshared(int first) {
    int flags = LibC.CLOSE_RANGE_UNSHARE() | LibC.CLOSE_RANGE_CLOEXEC();
    return syscall.callInt(LibC.SYS_close_range(), first, EVERYTHING, flags);
  }

  // int unshare(int flags);
  @Override
  public int unshareFilesAndDirectory() {
    return unshare.callInt(LibC.CLONE_FILES() | LibC.CLONE_FS());
  }

  // int chdir(const char *path);
  @Override
  public int chdir(MemorySegment path) {
    return chdir.callInt(path.address());
  }

  // extern char **environ;
  @Override
  @SuppressWarnings("restricted")
  public MemorySegment environment() {
    MemorySegment variable = environ.address().reinterpret(Long.BYTES);
    return MemorySegment.ofAddress(variable.get(ValueLayout.JAVA_LONG, 0));
  }

  // const char *gnu_get_libc_version(void);
  @Override
  @SuppressWarnings("restricted")
  public String libraryVersion() {
    if (!gnuGetLibcVersion.exists()) {
      return "";
    }
    long version = gnuGetLibcVersion.call(0, 0, 0, 0, 0, 0);
    return MemorySegment.ofAddress(version).reinterpret(Long.MAX_VALUE).getString(0);
  }

  // int waitid(idtype_t idtype, id_t id, siginfo_t *infop, int options);
  @Override
  public int waitId(int idType, int id, MemorySegment info, int options) {
    int result = waitid.callInt(idType, id, info.address(), options);
    // Of its own accord it answers neither: a seccomp filter does.
    boolean denied = result == -numbers.ENOSYS() || result == -numbers.EPERM();
    return denied && idType == numbers.P_PID() && (options & numbers.WNOWAIT()) == 0
        ? waitPid(id, info, options & numbers.WNOHANG())
        : result;
  }

  // pid_t waitpid(pid_t pid, int *wstatus, int options);
  private int waitPid(int pid, MemorySegment info, int options) {
    int result = waitpid.callInt(pid, info.address(), options);
    int status = info.get(ValueLayout.JAVA_INT, 0);
    int signal = status & 0x7f; // the macros of sys/wait.h: WTERMSIG, WCOREDUMP, WEXITSTATUS
    boolean dumped = (status & 0x80) != 0;
    info.set(ValueLayout.JAVA_INT, numbers.offsetOfPid(), Math.max(result, 0));
    info.set(
        ValueLayout.JAVA_INT,
        numbers.offsetOfCode(),
        signal == 0 ? numbers.CLD_EXITED() : dumped ? numbers.CLD_DUMPED() : numbers.CLD_KILLED());
    info.set(
        ValueLayout.JAVA_INT,
        numbers.offsetOfStatus(),
        signal == 0 ? status >> Byte.SIZE & 0xff : signal);
    return Math.min(result, 0);
  }

  // int pidfd_open(pid_t pid, unsigned int flags);
  @Override
  public int processDescriptor(int pid) {
    return syscall.callInt(LibC.SYS_pidfd_open(), pid, 0);
  }

  // int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags);
  @Override
  public int signalDescriptor(int processDescriptor, int signal) {
    return (int) syscall.call(LibC.SYS_pidfd_send_signal(), processDescriptor, signal, 0, 0, 0);
  }

  // int kill(pid_t pid, int sig);
  @Override
  public int kill(int pid, int signal) {
    return kill.callInt(pid, signal);
  }

  // int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact);
  @Override
  public int restoreChildSignal() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment action = arena.allocate(LibC.ABI_SIZEOF_SIGACTION(), Long.BYTES);
      int result = sigaction.callInt(LibC.SIGCHLD(), 0, action.address());
      if (result < 0) {
        return result;
      }
      long handler = action.get(ValueLayout.JAVA_LONG, LibC.ABI_SIGACTION_SA_HANDLER());
      int flags = action.get(ValueLayout.JAVA_INT, LibC.ABI_SIGACTION_SA_FLAGS());
      if (handler != LibC.SIG_IGN().address() && (flags & LibC.SA_NOCLDWAIT()) == 0) {
        return 0;
      }
      action.fill((byte) 0); // SIG_DFL, as java.lang.ProcessBuilder sets it
      action.set(
          ValueLayout.JAVA_INT,
          LibC.ABI_SIGACTION_SA_FLAGS(),
          LibC.SA_NOCLDSTOP() | LibC.SA_RESTART());
      return sigaction.callInt(LibC.SIGCHLD(), action.address(), 0);
    }
  }

  // void *mmap(void addr[length], size_t length, int prot, int flags, int fd, off_t offset);
  @Override
  public long map(long bytes) {
    int protection = LibC.PROT_READ() | LibC.PROT_WRITE();
    return mmap.call(0, bytes, protection, LibC.MAP_PRIVATE() | LibC.MAP_ANONYMOUS(), -1, 0);
  }

  // void *mremap(void old_address[old_size], size_t old_size, size_t new_size, int flags, ...);
  @Override
  public long remap(long address, long oldBytes, long newBytes) {
    return mremap.call(address, oldBytes, newBytes, LibC.MREMAP_MAYMOVE(), 0, 0);
  }

  // int munmap(void addr[length], size_t length);
  @Override
  public int unmap(long address, long bytes) {
    return munmap.callInt(address, bytes);
  }
}

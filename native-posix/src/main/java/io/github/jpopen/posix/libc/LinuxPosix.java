package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.LinuxConstants;
import io.github.jpopen.posix.ffi.linux.LibC;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The calls on Linux, with glibc or musl, on x86_64 and aarch64: the portable ones, and what only
 * Linux has.
 *
 * <p>All go through {@link CallShapes} and not through the generated wrappers, each of which would
 * link its own shape. Prototypes and constants are those of the generated bindings. {@code
 * pidfd_open}, {@code pidfd_send_signal} and {@code close_range} go through {@code syscall},
 * because C libraries got wrappers for them years after the kernel got the calls.
 */
public final class LinuxPosix extends PortablePosix {
  private static final int EVERYTHING = -1;

  /** {@code (uid_t) -1}: leave this id unchanged. */
  private static final int SAME = -1;

  /** {@code PR_GET_DUMPABLE} of prctl(2). */
  public static final int PR_GET_DUMPABLE = 3;

  /** {@code PR_SET_DUMPABLE} of prctl(2). */
  public static final int PR_SET_DUMPABLE = 4;

  /** {@code PR_CAP_AMBIENT} of prctl(2). */
  public static final int PR_CAP_AMBIENT = 47;

  /** {@code PR_CAP_AMBIENT_CLEAR_ALL} of prctl(2). */
  public static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;

  // Made in advance: collecting an exit takes no memory.
  private static final MemorySegment P_PID = NumberArgument.of(LibC.P_PID());
  private static final MemorySegment P_PIDFD = NumberArgument.of(LibC.P_PIDFD());

  private final NativeFunction pipe2 = function("pipe2");
  private final NativeFunction eventfd = function("eventfd");
  private final NativeFunction ppoll = function("ppoll");
  private final NativeFunction epollCreate1 = function("epoll_create1");
  private final NativeFunction epollCtl = brief("epoll_ctl");
  private final NativeFunction epollWait = function("epoll_wait");
  private final NativeFunction actionsAddCloseFrom =
      function("posix_spawn_file_actions_addclosefrom_np");
  private final NativeFunction syscall = brief("syscall");
  private final NativeFunction unshare = function("unshare");
  private final NativeFunction umask = function("umask");
  private final NativeFunction mkdir = function("mkdir");
  private final NativeFunction rmdir = function("rmdir");
  private final NativeFunction getpwnam = function("getpwnam_r");
  private final NativeFunction getgrnam = function("getgrnam_r");
  private final NativeFunction geteuid = function("geteuid");
  private final NativeFunction getegid = function("getegid");
  private final NativeFunction getgroups = function("getgroups");
  private final NativeFunction prctl = function("prctl");
  private final NativeFunction environ = function("environ");
  private final NativeFunction gnuGetLibcVersion = function("gnu_get_libc_version");
  private final NativeFunction sigrtmin = function("__libc_current_sigrtmin");
  private final NativeFunction sigrtmax = function("__libc_current_sigrtmax");
  private final NativeFunction mremap = function("mremap");
  private final NativeFunction madvise = function("madvise");

  private LinuxPosix() {
    super(new LinuxConstants());
  }

  /**
   * Links.
   *
   * @return the calls
   * @throws IllegalCallerException if native access is denied
   */
  public static LinuxPosix link() {
    CallShapes.linkUniform();
    return new LinuxPosix();
  }

  // int pipe2(int fds[2], int flags);
  @Override
  public int pipe(MemorySegment ends) {
    return pipe2.callInt(ends.address(), LibC.O_CLOEXEC());
  }

  // open, fcntl and ioctl are variadic, but on Linux such arguments travel like others: no second
  // shape.
  @Override
  int open(long path, int flags, int mode) {
    return open.callInt(path, flags, mode);
  }

  @Override
  int fcntl(int descriptor, int operation, long argument) {
    return fcntl.callInt(descriptor, operation, argument);
  }

  @Override
  int ioctl(int descriptor, int request, long argument) {
    return ioctl.callInt(descriptor, request, argument);
  }

  @Override
  public int setPipeSize(int descriptor, int bytes) {
    return fcntl(descriptor, LibC.F_SETPIPE_SZ(), bytes);
  }

  // int eventfd(unsigned int initval, int flags);
  @Override
  public int eventCounter() {
    return eventfd.callInt(0, LibC.EFD_CLOEXEC() | LibC.EFD_NONBLOCK());
  }

  // int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask);
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
    return epollWait.callInt(epoll, ready.address(), ReadyTokens.CAPACITY, ready.millis());
  }

  // Without the lock: pipe2 leaves no moment in which a child could inherit a pipe.
  @Override
  public int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    return posixSpawn(pid, path, actions, attributes, argv, envp);
  }

  // int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
  @Override
  public int actionsAddCloseFrom(MemorySegment actions, int lowest) {
    return actionsAddCloseFrom.callError(actions.address(), lowest);
  }

  @Override
  public boolean hasCloseFrom() {
    return actionsAddCloseFrom.exists();
  }

  // long syscall(long number, ...);
  //
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

  // int mkdir(const char *path, mode_t mode);
  @Override
  public int makeDirectory(MemorySegment path, int mode) {
    return mkdir.callInt(path.address(), mode);
  }

  // int rmdir(const char *path);
  @Override
  public int removeDirectory(MemorySegment path) {
    return rmdir.callInt(path.address());
  }

  // mode_t umask(mode_t mask);
  @Override
  public int setMask(int mask) {
    return umask.callInt(mask);
  }

  // int getpwnam_r(const char *name, struct passwd *entry, char *text, size_t size,
  //                struct passwd **found);
  @Override
  public int findUser(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return getpwnam.callError(
        name.address(), entry.address(), text.address(), text.byteSize(), found.address(), 0);
  }

  // int getgrnam_r(const char *name, struct group *entry, char *text, size_t size,
  //                struct group **found);
  @Override
  public int findGroup(
      MemorySegment name, MemorySegment entry, MemorySegment text, MemorySegment found) {
    return getgrnam.callError(
        name.address(), entry.address(), text.address(), text.byteSize(), found.address(), 0);
  }

  // uid_t geteuid(void);
  @Override
  public int effectiveUser() {
    return geteuid.callInt(0);
  }

  // gid_t getegid(void);
  @Override
  public int effectiveGroup() {
    return getegid.callInt(0);
  }

  // int getgroups(int count, gid_t *groups);
  @Override
  public int threadGroups(int count, MemorySegment groups) {
    return getgroups.callInt(count, groups.address());
  }

  // int prctl(int operation, ...);
  //
  // Linux before 4.3 has no ambient capabilities and returns EINVAL.
  @Override
  public int dropAmbientCapabilities() {
    int result = prctl.callInt(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL);
    return result == -LibC.EINVAL() ? 0 : result;
  }

  // int setresuid(uid_t real, uid_t effective, uid_t saved);
  @Override
  public int setThreadUser(int user) {
    return thread(CpuCall.SETRESUID, user, user, SAME);
  }

  // int setresgid(gid_t real, gid_t effective, gid_t saved);
  @Override
  public int setThreadGroup(int group) {
    return thread(CpuCall.SETRESGID, group, group, SAME);
  }

  // int setgroups(size_t count, const gid_t *groups);
  @Override
  public int setThreadGroups(int count, MemorySegment groups) {
    return thread(CpuCall.SETGROUPS, count, groups.address(), 0);
  }

  private int thread(CpuCall call, long a, long b, long c) {
    return syscall.callInt(call.number(), a, b, c);
  }

  // int prctl(int operation, ...);
  @Override
  public int dumpable() {
    return prctl.callInt(PR_GET_DUMPABLE);
  }

  @Override
  public int setDumpable(int dumpable) {
    return prctl.callInt(PR_SET_DUMPABLE, dumpable);
  }

  @Override
  public boolean findsProgramAfterChdir() {
    return true;
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

  @Override
  public int waitId(
      int idType, ProcessNumber id, MemorySegment info, int options, MemorySegment usage) {
    boolean looks = usage.address() == 0 || (options & LibC.WNOHANG()) == 0;
    int result =
        looks
            ? callWaitId(idType, id, info, options)
            : callWaitId(idType, id.value(), info, options, usage);
    // The kernel itself returns neither of them for waitid: a seccomp filter does.
    boolean denied = result == -LibC.ENOSYS() || result == -LibC.EPERM();
    return denied && idType == LibC.P_PID() && (options & LibC.WNOWAIT()) == 0
        ? collect(id.value(), info, options & LibC.WNOHANG(), usage)
        : result;
  }

  // Unlike the wrapper, the system call also reports what the child has used.
  private int callWaitId(int type, int id, MemorySegment info, int options, MemorySegment usage) {
    MemorySegment idType = type == LibC.P_PIDFD() ? P_PIDFD : P_PID;
    return (int)
        syscall.call(CpuCall.WAITID.number(), idType, id, info.address(), options, usage.address());
  }

  // macOS has a buffer for each direction, and counts that of the end that is asked.
  @Override
  public boolean countsWhatIsUnread() {
    return true;
  }

  @Override
  public boolean hasProcFiles() {
    return true;
  }

  // int pidfd_open(pid_t pid, unsigned int flags);
  @Override
  public int processDescriptor(int pid) {
    return syscall.callInt(LibC.SYS_pidfd_open(), pid, 0);
  }

  // int pidfd_send_signal(int pidfd, int sig, siginfo_t *info, unsigned int flags);
  @Override
  public int signalDescriptor(ProcessNumber descriptor, int signal) {
    return syscall.callInt(LibC.SYS_pidfd_send_signal(), descriptor.argument(), signal, 0);
  }

  // int __libc_current_sigrtmin(void);
  @Override
  public int firstRealTimeSignal() {
    return sigrtmin.callInt(0);
  }

  // int __libc_current_sigrtmax(void);
  @Override
  public int lastRealTimeSignal() {
    return sigrtmax.callInt(0);
  }

  // void *mremap(void *address, size_t old_size, size_t new_size, int flags, ...);
  @Override
  public long remap(long address, long oldBytes, long newBytes) {
    return mremap.call(address, oldBytes, newBytes, LibC.MREMAP_MAYMOVE(), 0, 0);
  }

  // int madvise(void *address, size_t length, int advice);
  @Override
  public int adviseHugePages(long address, long bytes) {
    return madvise.callInt(address, bytes, LibC.MADV_HUGEPAGE());
  }
}

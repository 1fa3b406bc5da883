package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.ffi.macos.LibC;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The constants of macOS, from the generated bindings. */
final class MacNumbers implements PortableNumbers {
  /** No kind of id: there are no descriptors of processes. */
  private static final int NONE = -1;

  @Override
  public int E2BIG() {
    return LibC.E2BIG();
  }

  @Override
  public int EACCES() {
    return LibC.EACCES();
  }

  @Override
  public int EAGAIN() {
    return LibC.EAGAIN();
  }

  @Override
  public int EBADF() {
    return LibC.EBADF();
  }

  @Override
  public int ECHILD() {
    return LibC.ECHILD();
  }

  @Override
  public int EINTR() {
    return LibC.EINTR();
  }

  @Override
  public int EINVAL() {
    return LibC.EINVAL();
  }

  @Override
  public int ELOOP() {
    return LibC.ELOOP();
  }

  @Override
  public int EMFILE() {
    return LibC.EMFILE();
  }

  @Override
  public int ENAMETOOLONG() {
    return LibC.ENAMETOOLONG();
  }

  @Override
  public int ENFILE() {
    return LibC.ENFILE();
  }

  @Override
  public int ENODEV() {
    return LibC.ENODEV();
  }

  @Override
  public int ENOENT() {
    return LibC.ENOENT();
  }

  @Override
  public int ENOEXEC() {
    return LibC.ENOEXEC();
  }

  @Override
  public int ENOMEM() {
    return LibC.ENOMEM();
  }

  @Override
  public int ENOSYS() {
    return LibC.ENOSYS();
  }

  @Override
  public int ENOTDIR() {
    return LibC.ENOTDIR();
  }

  @Override
  public int ERANGE() {
    return LibC.ERANGE();
  }

  @Override
  public int EPERM() {
    return LibC.EPERM();
  }

  @Override
  public int EPIPE() {
    return LibC.EPIPE();
  }

  @Override
  public int ESRCH() {
    return LibC.ESRCH();
  }

  @Override
  public int ETXTBSY() {
    return LibC.ETXTBSY();
  }

  @Override
  public String errorName(int number) {
    return MacErrors.name(number);
  }

  @Override
  public int FD_CLOEXEC() {
    return LibC.FD_CLOEXEC();
  }

  @Override
  public int POLLIN() {
    return LibC.POLLIN();
  }

  @Override
  public int POLLOUT() {
    return LibC.POLLOUT();
  }

  @Override
  public int POLLERR() {
    return LibC.POLLERR();
  }

  @Override
  public int POLLHUP() {
    return LibC.POLLHUP();
  }

  @Override
  public int POLLNVAL() {
    return LibC.POLLNVAL();
  }

  @Override
  public int P_PID() {
    return LibC.P_PID();
  }

  @Override
  public int P_PIDFD() {
    return NONE;
  }

  @Override
  public int WEXITED() {
    return LibC.WEXITED();
  }

  @Override
  public int WNOHANG() {
    return LibC.WNOHANG();
  }

  @Override
  public int WNOWAIT() {
    return LibC.WNOWAIT();
  }

  @Override
  public int CLD_EXITED() {
    return LibC.CLD_EXITED();
  }

  @Override
  public int CLD_KILLED() {
    return LibC.CLD_KILLED();
  }

  @Override
  public int CLD_DUMPED() {
    return LibC.CLD_DUMPED();
  }

  @Override
  public int offsetOfCode() {
    return LibC.ABI_SIGINFO_SI_CODE();
  }

  @Override
  public int offsetOfPid() {
    return LibC.ABI_SIGINFO_SI_PID();
  }

  @Override
  public int offsetOfStatus() {
    return LibC.ABI_SIGINFO_SI_STATUS();
  }

  @Override
  public int sizeOfSigInfo() {
    return LibC.ABI_SIZEOF_SIGINFO();
  }

  @Override
  public int SIGKILL() {
    return LibC.SIGKILL();
  }

  @Override
  public int sizeOfSignalSet() {
    return LibC.ABI_SIZEOF_SIGSET();
  }

  @Override
  public OptionalInt signalNumber(String name) {
    return MacSignals.number(name);
  }

  @Override
  public @Nullable String signalName(int number) {
    return MacSignals.name(number);
  }

  @Override
  public int POSIX_SPAWN_SETPGROUP() {
    return LibC.POSIX_SPAWN_SETPGROUP();
  }

  @Override
  public int POSIX_SPAWN_SETSID() {
    return LibC.POSIX_SPAWN_SETSID();
  }

  @Override
  public int POSIX_SPAWN_SETSIGDEF() {
    return LibC.POSIX_SPAWN_SETSIGDEF();
  }

  @Override
  public int POSIX_SPAWN_SETSIGMASK() {
    return LibC.POSIX_SPAWN_SETSIGMASK();
  }

  @Override
  public int sizeOfSpawnActions() {
    return LibC.ABI_SIZEOF_POSIX_SPAWN_FILE_ACTIONS();
  }

  @Override
  public int sizeOfSpawnAttributes() {
    return LibC.ABI_SIZEOF_POSIX_SPAWNATTR();
  }

  @Override
  public int O_RDONLY() {
    return LibC.O_RDONLY();
  }

  @Override
  public int O_WRONLY() {
    return LibC.O_WRONLY();
  }

  @Override
  public int O_RDWR() {
    return LibC.O_RDWR();
  }

  @Override
  public int O_CREAT() {
    return LibC.O_CREAT();
  }

  @Override
  public int O_TRUNC() {
    return LibC.O_TRUNC();
  }

  @Override
  public int O_APPEND() {
    return LibC.O_APPEND();
  }

  @Override
  public int O_CLOEXEC() {
    return LibC.O_CLOEXEC();
  }

  @Override
  public int O_NOCTTY() {
    return LibC.O_NOCTTY();
  }

  @Override
  public int O_NONBLOCK() {
    return LibC.O_NONBLOCK();
  }

  @Override
  public int F_DUPFD_CLOEXEC() {
    return LibC.F_DUPFD_CLOEXEC();
  }

  @Override
  public int F_GETFD() {
    return LibC.F_GETFD();
  }

  @Override
  public int F_SETFD() {
    return LibC.F_SETFD();
  }

  @Override
  public int F_SETFL() {
    return LibC.F_SETFL();
  }

  @Override
  public int PROT_READ() {
    return LibC.PROT_READ();
  }

  @Override
  public int PROT_WRITE() {
    return LibC.PROT_WRITE();
  }

  @Override
  public int MAP_PRIVATE() {
    return LibC.MAP_PRIVATE();
  }

  @Override
  public int MAP_ANONYMOUS() {
    return LibC.MAP_ANONYMOUS();
  }

  @Override
  public int SIGCHLD() {
    return LibC.SIGCHLD();
  }

  @Override
  public int SA_NOCLDWAIT() {
    return LibC.SA_NOCLDWAIT();
  }

  @Override
  public int SA_NOCLDSTOP() {
    return LibC.SA_NOCLDSTOP();
  }

  @Override
  public int SA_RESTART() {
    return LibC.SA_RESTART();
  }

  @Override
  public MemorySegment SIG_IGN() {
    return LibC.SIG_IGN();
  }

  @Override
  public int sizeOfSigAction() {
    return LibC.ABI_SIZEOF_SIGACTION();
  }

  @Override
  public int offsetOfHandler() {
    return LibC.ABI_SIGACTION_SA_HANDLER();
  }

  @Override
  public int offsetOfFlags() {
    return LibC.ABI_SIGACTION_SA_FLAGS();
  }
}

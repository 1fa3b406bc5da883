package io.github.jpopen.posix.constants;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The constants of one system, under their names in C.
 *
 * <p>Constants that code outside the binding layer compares or passes on belong here. A flag that
 * is always the same for one call stays inside that call.
 *
 * <p>To add a constant, declare it here or in {@link PortableConstants} and run {@code
 * bindings/generate.sh --constants}. If a method is not named as in C, the comment behind it names
 * the constant.
 */
public interface PosixConstants {

  // fcntl.h, the access modes
  int O_RDONLY();

  int O_WRONLY();

  int O_RDWR();

  // errno.h
  int E2BIG();

  int EACCES();

  int EAGAIN();

  int EBADF();

  int ECHILD();

  int EINTR();

  int EINVAL();

  int EISDIR();

  int ELOOP();

  int EMFILE();

  int ENAMETOOLONG();

  int ENFILE();

  int ENODEV();

  int ENOENT();

  int ENOEXEC();

  int ENOMEM();

  int ENOSYS();

  int ENOTDIR();

  int ENOTSUP();

  int EPERM();

  int EPIPE();

  int ERANGE();

  int ESRCH();

  int ETXTBSY();

  /** The name of an error; its number if it has no name. */
  String errorName(int number);

  // fcntl.h
  int FD_CLOEXEC();

  // poll.h
  int POLLIN();

  int POLLOUT();

  int POLLERR();

  int POLLHUP();

  int POLLNVAL();

  // sys/wait.h
  int P_PID();

  /** No valid value on macOS, which has no process descriptors. */
  int P_PIDFD();

  int WEXITED();

  int WNOHANG();

  int WNOWAIT();

  int CLD_EXITED();

  int CLD_KILLED();

  int CLD_DUMPED();

  /** The offset of the int {@code si_code} in {@code siginfo_t}. */
  int offsetOfCode(); // ABI_SIGINFO_SI_CODE

  /** The offset of the int {@code si_pid} in {@code siginfo_t}. */
  int offsetOfPid(); // ABI_SIGINFO_SI_PID

  /** The offset of the int {@code si_status} in {@code siginfo_t}. */
  int offsetOfStatus(); // ABI_SIGINFO_SI_STATUS

  /** The size of {@code siginfo_t}. */
  int sizeOfSigInfo(); // ABI_SIZEOF_SIGINFO

  /** The offset of {@code ru_utime} in {@code struct rusage}. */
  int offsetOfUserTime(); // ABI_RUSAGE_RU_UTIME

  /** The offset of {@code ru_stime} in {@code struct rusage}. */
  int offsetOfSystemTime(); // ABI_RUSAGE_RU_STIME

  /** The offset of the long {@code ru_maxrss} in {@code struct rusage}. */
  int offsetOfPeakMemory(); // ABI_RUSAGE_RU_MAXRSS

  /** What {@code ru_maxrss} is in bytes. */
  long peakMemory(long maxRss);

  /** Whether {@code ru_maxrss} of a child includes the memory of the process that started it. */
  default boolean peakIncludesStarter() {
    return false;
  }

  /** The size of {@code struct rusage}. */
  int sizeOfUsage(); // ABI_SIZEOF_RUSAGE

  // signal.h
  int SIGKILL();

  int SIGPIPE();

  int SIGXFSZ();

  /** The size of {@code sigset_t}, which has one bit for each signal. */
  int sizeOfSignalSet(); // ABI_SIZEOF_SIGSET

  /** The number of a signal, if there is one of this name. */
  OptionalInt signalNumber(String name);

  /** The name of a signal, or null if there is no such signal. */
  @Nullable String signalName(int number);

  // spawn.h
  int POSIX_SPAWN_SETPGROUP();

  int POSIX_SPAWN_SETSID();

  int POSIX_SPAWN_SETSIGDEF();

  int POSIX_SPAWN_SETSIGMASK();

  /** At least the size of {@code posix_spawn_file_actions_t}. */
  int sizeOfSpawnActions(); // ABI_SIZEOF_POSIX_SPAWN_FILE_ACTIONS

  /** At least the size of {@code posix_spawnattr_t}. */
  int sizeOfSpawnAttributes(); // ABI_SIZEOF_POSIX_SPAWNATTR
}

package io.github.jpopen.posix.libc;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The constants of one system, under their names in C.
 *
 * <p>Here belong numbers that code outside this package compares or passes on; flags that are
 * always the same for one call stay inside that call.
 */
public interface Numbers {

  // errno.h
  int E2BIG();

  int EACCES();

  int EAGAIN();

  int EBADF();

  int ECHILD();

  int EINTR();

  int EINVAL();

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

  int EPERM();

  int EPIPE();

  int ERANGE();

  int ESRCH();

  int ETXTBSY();

  /** The name of an error, or its number in digits. */
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

  /** Not on macOS, which has no descriptors of processes. */
  int P_PIDFD();

  int WEXITED();

  int WNOHANG();

  int WNOWAIT();

  int CLD_EXITED();

  int CLD_KILLED();

  int CLD_DUMPED();

  /** Where {@code siginfo_t} holds the int {@code si_code}. */
  int offsetOfCode();

  /** Where {@code siginfo_t} holds the int {@code si_pid}. */
  int offsetOfPid();

  /** Where {@code siginfo_t} holds the int {@code si_status}. */
  int offsetOfStatus();

  /** The size of {@code siginfo_t}. */
  int sizeOfSigInfo();

  // signal.h
  int SIGKILL();

  /** The size of {@code sigset_t}, a bit per signal. */
  int sizeOfSignalSet();

  /** The number of a signal. */
  OptionalInt signalNumber(String name);

  /** The name of a signal, or null if it has none. */
  @Nullable String signalName(int number);

  // spawn.h
  int POSIX_SPAWN_SETPGROUP();

  int POSIX_SPAWN_SETSID();

  int POSIX_SPAWN_SETSIGDEF();

  int POSIX_SPAWN_SETSIGMASK();

  /** Enough room for {@code posix_spawn_file_actions_t}. */
  int sizeOfSpawnActions();

  /** Enough room for {@code posix_spawnattr_t}. */
  int sizeOfSpawnAttributes();
}

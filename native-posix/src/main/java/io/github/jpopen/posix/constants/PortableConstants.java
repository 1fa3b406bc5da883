package io.github.jpopen.posix.constants;

import java.lang.foreign.MemorySegment;

/** The constants of one system that only the calls themselves use. */
public interface PortableConstants extends PosixConstants {

  // fcntl.h, the flags of open
  int O_CREAT();

  int O_TRUNC();

  int O_APPEND();

  int O_CLOEXEC();

  int O_NOCTTY();

  int O_NONBLOCK();

  // fcntl.h, the operations of fcntl
  int F_DUPFD_CLOEXEC();

  int F_GETFD();

  int F_SETFD();

  int F_GETFL();

  int F_SETFL();

  // sys/ioctl.h
  int FIONREAD();

  // sys/mman.h
  int PROT_READ();

  int PROT_WRITE();

  int MAP_PRIVATE();

  int MAP_ANONYMOUS();

  // signal.h
  int SIGCHLD();

  int SA_NOCLDWAIT();

  int SA_NOCLDSTOP();

  int SA_RESTART();

  /** The handler that ignores a signal. */
  MemorySegment SIG_IGN();

  /** The size of {@code struct sigaction}. */
  int sizeOfSigAction(); // ABI_SIZEOF_SIGACTION

  /** The offset of the pointer {@code sa_handler} in {@code struct sigaction}. */
  int offsetOfHandler(); // ABI_SIGACTION_SA_HANDLER

  /** The offset of the int {@code sa_flags} in {@code struct sigaction}. */
  int offsetOfFlags(); // ABI_SIGACTION_SA_FLAGS
}

package io.github.jpopen.posix.constants;

import io.github.jpopen.posix.ffi.linux.LibC;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The signals of Linux, by name and by number. */
final class LinuxSignals {
  private static final String[] NAMES = new String[LibC.NSIG()];

  static {
    NAMES[LibC.SIGHUP()] = "SIGHUP";
    NAMES[LibC.SIGINT()] = "SIGINT";
    NAMES[LibC.SIGQUIT()] = "SIGQUIT";
    NAMES[LibC.SIGILL()] = "SIGILL";
    NAMES[LibC.SIGTRAP()] = "SIGTRAP";
    NAMES[LibC.SIGABRT()] = "SIGABRT";
    NAMES[LibC.SIGBUS()] = "SIGBUS";
    NAMES[LibC.SIGFPE()] = "SIGFPE";
    NAMES[LibC.SIGKILL()] = "SIGKILL";
    NAMES[LibC.SIGUSR1()] = "SIGUSR1";
    NAMES[LibC.SIGSEGV()] = "SIGSEGV";
    NAMES[LibC.SIGUSR2()] = "SIGUSR2";
    NAMES[LibC.SIGPIPE()] = "SIGPIPE";
    NAMES[LibC.SIGALRM()] = "SIGALRM";
    NAMES[LibC.SIGTERM()] = "SIGTERM";
    NAMES[LibC.SIGSTKFLT()] = "SIGSTKFLT";
    NAMES[LibC.SIGCHLD()] = "SIGCHLD";
    NAMES[LibC.SIGCONT()] = "SIGCONT";
    NAMES[LibC.SIGSTOP()] = "SIGSTOP";
    NAMES[LibC.SIGTSTP()] = "SIGTSTP";
    NAMES[LibC.SIGTTIN()] = "SIGTTIN";
    NAMES[LibC.SIGTTOU()] = "SIGTTOU";
    NAMES[LibC.SIGURG()] = "SIGURG";
    NAMES[LibC.SIGXCPU()] = "SIGXCPU";
    NAMES[LibC.SIGXFSZ()] = "SIGXFSZ";
    NAMES[LibC.SIGVTALRM()] = "SIGVTALRM";
    NAMES[LibC.SIGPROF()] = "SIGPROF";
    NAMES[LibC.SIGWINCH()] = "SIGWINCH";
    NAMES[LibC.SIGIO()] = "SIGIO";
    NAMES[LibC.SIGPWR()] = "SIGPWR";
    NAMES[LibC.SIGSYS()] = "SIGSYS";
  }

  private LinuxSignals() {}

  static OptionalInt number(String name) {
    for (int number = 1; number < NAMES.length; number++) {
      if (name.equals(NAMES[number])) {
        return OptionalInt.of(number);
      }
    }
    return switch (name) {
      case "SIGIOT" -> OptionalInt.of(LibC.SIGIOT());
      case "SIGCLD" -> OptionalInt.of(LibC.SIGCLD());
      case "SIGPOLL" -> OptionalInt.of(LibC.SIGPOLL());
      default -> OptionalInt.empty();
    };
  }

  static @Nullable String name(int number) {
    return number > 0 && number < NAMES.length ? NAMES[number] : null;
  }
}

package io.github.jpopen.posix.constants;

import io.github.jpopen.posix.ffi.macos.LibC;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The signals of macOS, by name and by number. */
final class MacSignals {
  private static final String[] NAMES = new String[LibC.NSIG()];

  static {
    NAMES[LibC.SIGHUP()] = "SIGHUP";
    NAMES[LibC.SIGINT()] = "SIGINT";
    NAMES[LibC.SIGQUIT()] = "SIGQUIT";
    NAMES[LibC.SIGILL()] = "SIGILL";
    NAMES[LibC.SIGTRAP()] = "SIGTRAP";
    NAMES[LibC.SIGABRT()] = "SIGABRT";
    NAMES[LibC.SIGEMT()] = "SIGEMT";
    NAMES[LibC.SIGFPE()] = "SIGFPE";
    NAMES[LibC.SIGKILL()] = "SIGKILL";
    NAMES[LibC.SIGBUS()] = "SIGBUS";
    NAMES[LibC.SIGSEGV()] = "SIGSEGV";
    NAMES[LibC.SIGSYS()] = "SIGSYS";
    NAMES[LibC.SIGPIPE()] = "SIGPIPE";
    NAMES[LibC.SIGALRM()] = "SIGALRM";
    NAMES[LibC.SIGTERM()] = "SIGTERM";
    NAMES[LibC.SIGURG()] = "SIGURG";
    NAMES[LibC.SIGSTOP()] = "SIGSTOP";
    NAMES[LibC.SIGTSTP()] = "SIGTSTP";
    NAMES[LibC.SIGCONT()] = "SIGCONT";
    NAMES[LibC.SIGCHLD()] = "SIGCHLD";
    NAMES[LibC.SIGTTIN()] = "SIGTTIN";
    NAMES[LibC.SIGTTOU()] = "SIGTTOU";
    NAMES[LibC.SIGIO()] = "SIGIO";
    NAMES[LibC.SIGXCPU()] = "SIGXCPU";
    NAMES[LibC.SIGXFSZ()] = "SIGXFSZ";
    NAMES[LibC.SIGVTALRM()] = "SIGVTALRM";
    NAMES[LibC.SIGPROF()] = "SIGPROF";
    NAMES[LibC.SIGWINCH()] = "SIGWINCH";
    NAMES[LibC.SIGINFO()] = "SIGINFO";
    NAMES[LibC.SIGUSR1()] = "SIGUSR1";
    NAMES[LibC.SIGUSR2()] = "SIGUSR2";
  }

  private MacSignals() {}

  static OptionalInt number(String name) {
    for (int number = 1; number < NAMES.length; number++) {
      if (name.equals(NAMES[number])) {
        return OptionalInt.of(number);
      }
    }
    return name.equals("SIGIOT") ? OptionalInt.of(LibC.SIGIOT()) : OptionalInt.empty();
  }

  static @Nullable String name(int number) {
    return number > 0 && number < NAMES.length ? NAMES[number] : null;
  }
}

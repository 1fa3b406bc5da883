package io.github.jpopen;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.SpawnRefused;
import java.io.IOException;

/** Starts a child that no thread waits for, and that outlives this JVM. */
final class DetachedStart {
  private static final int DETACHED_PROCESS = 0x8;
  private static final int CREATE_NEW_PROCESS_GROUP = 0x200;

  private DetachedStart() {}

  /** Starts it; the platform collects its exit from now on. */
  static long start(CommandSettings settings) throws IOException {
    check(settings);
    CommandSettings detached = settings.with(DetachedStart::detach);
    Witness witness = settings.witness(settings.label());
    try (ChildProcess child = Platforms.current().spawn(detached.spawnRequest())) {
      if (witness != null) {
        witness.started(child.pid(), () -> "process " + child.pid() + " was started detached");
        witness.accept(null);
      }
      return child.pid();
    } catch (SpawnRefused refusal) {
      throw new SpawnException(detached.label(), refusal);
    }
  }

  private static void detach(CommandSettings s) {
    s.stdin = s.stdin == null ? Redirect.DEVNULL : s.stdin;
    s.stdout = s.stdout == null ? Redirect.DEVNULL : s.stdout;
    s.stderr = s.stderr == null ? Redirect.DEVNULL : s.stderr;
    if (Platforms.isWindows()) {
      s.windows = s.windowsOrNone().creationFlags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    } else {
      s.posix = s.posixOrNone().detached();
    }
  }

  private static void check(CommandSettings settings) {
    settings.checkStart();
    boolean pipe =
        settings.stdin().isPipe() || settings.stdout().isPipe() || settings.stderr().isPipe();
    String useless =
        pipe
            ? "a pipe"
            : settings.killOnClose
                ? "killOnClose"
                : settings.killOnExit ? "killOnExit" : settings.killTree ? "killTree" : "";
    if (!useless.isEmpty()) {
      throw new IllegalStateException(
          useless + " is for a child that this process keeps: startDetached() keeps none");
    }
  }
}

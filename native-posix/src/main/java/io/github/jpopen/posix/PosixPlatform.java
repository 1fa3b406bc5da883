package io.github.jpopen.posix;

import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.child.ChildServices;
import io.github.jpopen.posix.child.PosixChild;
import io.github.jpopen.posix.guard.DeathGuard;
import io.github.jpopen.posix.libc.HostPosix;
import io.github.jpopen.posix.libc.NativeAccess;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Retrying;
import io.github.jpopen.posix.spawn.SpawnServices;
import io.github.jpopen.posix.spawn.Spawner;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes on Linux and macOS. */
public final class PosixPlatform implements ProcessPlatform {
  private final AtomicReference<@Nullable SpawnServices> services = new AtomicReference<>();
  private final AtomicReference<@Nullable DeathGuard> guard = new AtomicReference<>();

  /** Makes a platform that links nothing before it is used. */
  public PosixPlatform() {}

  /** Makes a platform on other calls. */
  public PosixPlatform(Posix posix, Settings settings) {
    services.set(services(posix, settings));
  }

  @Override
  public boolean isSupported() {
    return HostPosix.isSupported();
  }

  @Override
  public ChildProcess spawn(SpawnRequest request) throws IOException {
    PosixChild child = new Spawner(services(), request).spawn();
    if (request.endsWithUs()) {
      watch(child);
    }
    return child;
  }

  private void watch(PosixChild child) {
    boolean watched = false;
    try {
      guard().watch(child);
      watched = true;
    } finally {
      if (!watched) {
        child.destroy();
      }
    }
  }

  @Override
  public Path resolve(Path path) {
    return new WorkingDirectory(posix()).resolve(path);
  }

  @Override
  public boolean giveBack() {
    SpawnServices known = services.get();
    return known != null && known.children().giveBack();
  }

  private DeathGuard guard() {
    DeathGuard known = guard.get();
    if (known != null) {
      return known;
    }
    DeathGuard made = new DeathGuard(services());
    DeathGuard other = guard.compareAndExchange(null, made);
    return other == null ? made : other;
  }

  private Posix posix() {
    return services().posix();
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    return new GrowableMapping(posix(), arena);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    Posix posix = posix();
    if (name.equals("SIGKILL")) { // asked for before each child is started
      return OptionalInt.of(posix.constants().SIGKILL());
    }
    OptionalInt number = posix.constants().signalNumber(name);
    return number.isPresent() ? number : new RealTimeSignals(posix).number(name);
  }

  @Override
  public Optional<String> signalName(int number) {
    Posix posix = posix();
    String name = posix.constants().signalName(number);
    return Optional.ofNullable(name == null ? new RealTimeSignals(posix).name(number) : name);
  }

  // No lock and no class initialiser around linking, where a thousand virtual threads would queue:
  // two threads that come at once both link, and one result is dropped.
  private SpawnServices services() {
    SpawnServices known = services.get();
    if (known != null) {
      return known;
    }
    NativeAccess.require();
    Posix posix = HostPosix.link(Settings.likeMac());
    SpawnServices made = services(posix, Settings.ofSystemProperties());
    SpawnServices other = services.compareAndExchange(null, made);
    return other == null ? made : other;
  }

  private static SpawnServices services(Posix posix, Settings settings) {
    ChildServices children =
        new ChildServices(new Retrying(posix), settings.pidfd(), settings.epoll(), settings.idle());
    return new SpawnServices(children, settings.tier());
  }
}

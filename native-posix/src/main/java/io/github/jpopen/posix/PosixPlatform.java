package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.HostPosix;
import io.github.jpopen.posix.libc.NativeAccess;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Retrying;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes on Linux and macOS. */
public final class PosixPlatform implements ProcessPlatform {
  private final AtomicReference<@Nullable PosixRuntime> runtime = new AtomicReference<>();

  /** Makes a platform that links nothing before it is used. */
  public PosixPlatform() {}

  /** Makes a platform on other calls. */
  PosixPlatform(Posix posix, Settings settings) {
    runtime.set(new PosixRuntime(new Retrying(posix), settings));
  }

  @Override
  public boolean isSupported() {
    return HostPosix.isSupported();
  }

  @Override
  public ChildProcess spawn(SpawnRequest request) throws IOException {
    return new Spawner(runtime(), request).spawn();
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    return new GrowableMapping(runtime().posix(), arena);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    Posix posix = runtime().posix();
    OptionalInt number = posix.numbers().signalNumber(name);
    return number.isPresent() ? number : new RealTimeSignals(posix).number(name);
  }

  @Override
  public Optional<String> signalName(int number) {
    Posix posix = runtime().posix();
    String name = posix.numbers().signalName(number);
    return Optional.ofNullable(name == null ? new RealTimeSignals(posix).name(number) : name);
  }

  // No lock and no class initialiser around linking, where a thousand virtual threads would queue:
  // two that come at once both link, and one result is dropped.
  private PosixRuntime runtime() {
    PosixRuntime known = runtime.get();
    if (known != null) {
      return known;
    }
    NativeAccess.require();
    Posix posix = new Retrying(HostPosix.link(Settings.likeMac()));
    PosixRuntime made = new PosixRuntime(posix, Settings.ofSystemProperties());
    PosixRuntime other = runtime.compareAndExchange(null, made);
    return other == null ? made : other;
  }
}

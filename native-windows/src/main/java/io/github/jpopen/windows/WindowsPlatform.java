package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.windows.child.ChildServices;
import io.github.jpopen.windows.child.Signals;
import io.github.jpopen.windows.spawn.SpawnServices;
import io.github.jpopen.windows.spawn.Spawner;
import io.github.jpopen.windows.spawn.WindowsPaths;
import io.github.jpopen.windows.win32.NativeAccess;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Exception;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes on Windows. */
public final class WindowsPlatform implements ProcessPlatform {
  private final AtomicReference<@Nullable SpawnServices> services = new AtomicReference<>();

  /** Links nothing until it is used. */
  public WindowsPlatform() {}

  /** Makes a platform with other calls. */
  WindowsPlatform(Win32 win32, Settings settings) {
    services.set(services(win32, settings));
  }

  private static SpawnServices services(Win32 win32, Settings settings) {
    ChildServices children = new ChildServices(win32, settings.poison(), settings.idle());
    return new SpawnServices(children, settings.unnamedPipes(), settings.noWindow());
  }

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  @Override
  public ChildProcess spawn(SpawnRequest request) throws IOException {
    return Spawner.spawn(services(), request);
  }

  @Override
  public boolean giveBack() {
    SpawnServices known = services.get();
    return known != null && known.children().unwatched().giveBack();
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    return new GrowableMemory(arena);
  }

  @Override
  public Path resolve(Path path) {
    try {
      return WindowsPaths.absolute(services().win32(), path);
    } catch (InvalidPathException | Win32Exception e) { // opening it reports why
      return path;
    }
  }

  @Override
  public OptionalInt signalNumber(String name) {
    Integer number = Signals.NUMBERS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @Override
  public Optional<String> signalName(int number) {
    return Signals.NUMBERS.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** What the children share; package-private for tests. */
  SpawnServices services() {
    SpawnServices known = services.get();
    if (known != null) {
      return known;
    }
    NativeAccess.require();
    SpawnServices made = services(new NativeWin32(), Settings.ofSystemProperties());
    SpawnServices other = services.compareAndExchange(null, made);
    return other == null ? made : other;
  }
}

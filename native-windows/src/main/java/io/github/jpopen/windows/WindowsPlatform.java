package io.github.jpopen.windows;

import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.windows.win32.NativeAccess;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Processes on Windows. */
public final class WindowsPlatform implements ProcessPlatform {
  private final AtomicReference<@Nullable WindowsRuntime> runtime = new AtomicReference<>();

  /** Makes a platform that links nothing before it is used. */
  public WindowsPlatform() {}

  /** Makes a platform on other calls. */
  WindowsPlatform(Win32 win32, Settings settings) {
    runtime.set(new WindowsRuntime(win32, settings));
  }

  @Override
  public boolean isSupported() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  @Override
  public ChildProcess spawn(SpawnRequest request) throws IOException {
    return Spawner.spawn(runtime(), request);
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    return new GrowableMemory(arena);
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

  /** What the children share, for tests. */
  WindowsRuntime runtime() {
    WindowsRuntime known = runtime.get();
    if (known != null) {
      return known;
    }
    NativeAccess.require();
    WindowsRuntime made = new WindowsRuntime(new NativeWin32(), Settings.ofSystemProperties());
    WindowsRuntime other = runtime.compareAndExchange(null, made);
    return other == null ? made : other;
  }
}

package io.github.jpopen.scripted;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts the children that the test has prepared, in their order.
 *
 * <p>It is put in place by hand: Surefire patches the tests into core's module, and there
 * ServiceLoader does not look at META-INF/services. {@code PlatformsTest} covers the look-up.
 */
public final class ScriptedPlatform implements ProcessPlatform {
  /** The one that core uses. */
  public static final ScriptedPlatform INSTANCE = new ScriptedPlatform();

  private static final Map<String, Integer> SIGNALS =
      Map.of(
          "SIGHUP", 1, "SIGINT", 2, "SIGKILL", 9, "SIGUSR1", 10, "SIGPIPE", 13, "SIGTERM", 15,
          "SIGCONT", 18);

  private final Queue<ScriptedChild> next = new ArrayDeque<>();
  private @Nullable SpawnRefused refusal;

  private ScriptedPlatform() {}

  /** Makes core use this platform in place of a native one. */
  @SuppressWarnings("unchecked") // the field says so
  public static void install() {
    try {
      Field current = Platforms.class.getDeclaredField("CURRENT");
      current.setAccessible(true);
      ((AtomicReference<ProcessPlatform>) current.get(null)).set(INSTANCE);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Platforms has changed", e);
    }
  }

  synchronized void prepare(ScriptedChild child) {
    next.add(child);
  }

  /** The next start fails. */
  synchronized void refuseNext(SpawnRefused with) {
    refusal = with;
  }

  /** Forgets the children that no test has started. */
  synchronized void clear() {
    refusal = null;
    next.clear();
  }

  @Override
  public boolean isSupported() {
    return true;
  }

  @Override
  public synchronized ChildProcess spawn(SpawnRequest request) throws IOException {
    SpawnRefused refused = refusal;
    if (refused != null) {
      refusal = null;
      throw refused;
    }
    ScriptedChild child = next.poll();
    if (child == null) {
      throw new AssertionError("no child was prepared for " + request.command());
    }
    child.spawned(request);
    return child;
  }

  @Override
  public GrowableBuffer growable(Arena arena) {
    return new ScriptedBuffer(arena);
  }

  @Override
  public OptionalInt signalNumber(String name) {
    Integer number = name.equals("SIGRTMIN+6") ? Integer.valueOf(40) : SIGNALS.get(name);
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  @Override
  public Optional<String> signalName(int number) {
    return SIGNALS.entrySet().stream()
        .filter(signal -> signal.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}

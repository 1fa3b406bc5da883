package io.github.jpopen.scripted;

import java.lang.reflect.Proxy;
import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Catches the records of one logger instead of publishing them.
 *
 * <p>By reflection, because core, into which Surefire patches the tests, does not read
 * java.logging.
 */
public final class LogWatch implements AutoCloseable {
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Semaphore logged = new Semaphore(0);
  private final Object logger; // strongly held, else java.util.logging forgets the filter

  public LogWatch(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("java.util.logging.Logger");
    logger = type.getMethod("getLogger", String.class).invoke(null, name);
    Class<?> filter = Class.forName("java.util.logging.Filter");
    setFilter(
        Proxy.newProxyInstance(
            LogWatch.class.getClassLoader(),
            new Class<?>[] {filter},
            (proxy, method, arguments) -> keep(arguments[0])));
  }

  private void setFilter(@Nullable Object filter) throws ReflectiveOperationException {
    Class<?> type = Class.forName("java.util.logging.Filter");
    Class.forName("java.util.logging.Logger").getMethod("setFilter", type).invoke(logger, filter);
  }

  private boolean keep(Object logRecord) throws ReflectiveOperationException {
    Object level = get(logRecord, "getLevel");
    Object[] parameters = (Object[]) get(logRecord, "getParameters");
    String message = MessageFormat.format((String) get(logRecord, "getMessage"), parameters);
    messages.add(level + ": " + message);
    logged.release();
    Throwable thrown = (Throwable) get(logRecord, "getThrown");
    if (thrown != null) {
      failures.add(thrown);
    }
    return false;
  }

  private static Object get(Object logRecord, String getter) throws ReflectiveOperationException {
    return Class.forName("java.util.logging.LogRecord").getMethod(getter).invoke(logRecord);
  }

  /** Waits for a message that no earlier call has waited for. */
  public void awaitMessage() throws InterruptedException {
    if (!logged.tryAcquire(30, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing was logged in 30 s");
    }
  }

  /** Level and text of all that was logged. */
  public List<String> messages() {
    return messages;
  }

  /** What was logged with its stack trace. */
  public List<Throwable> failures() {
    return failures;
  }

  @Override
  public void close() throws ReflectiveOperationException {
    setFilter(null);
  }
}

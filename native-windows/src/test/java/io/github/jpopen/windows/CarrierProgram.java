package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Makes blocking calls where no virtual thread but its own can run: see {@link CarrierTest}. */
final class CarrierProgram {
  /** Only a hang takes longer. */
  private static final long LIMIT_SECONDS = 40;

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** What the next {@link Initialiser} does. */
  static volatile FutureTask<?> task = new FutureTask<>(() -> null);

  /** Where a call is made. */
  enum Place {
    /** On a platform thread, while virtual threads compute on all carriers. */
    BUSY_CARRIERS,
    /** In a static initialiser, which pins its virtual thread to the only carrier. */
    INITIALISER
  }

  /** Which virtual threads wait for the same child already. They get no carrier during the call. */
  enum Company {
    NONE,
    /** The one that waits for {@code onExit}. */
    ON_EXIT,
    /** One in {@code waitFor}, one in {@code communicate} or a read, and that of {@code onExit}. */
    WAITING,
    /** One that polls again and again. */
    POLLING
  }

  /** One call, with a child that reads a line, writes one, and exits with 3. */
  private interface Row {
    Object call(Popen<String> child) throws Exception;
  }

  /** Its bytecode is defined again for each call, because a class is initialised once. */
  static final class Initialiser {
    static {
      task.run();
    }

    private Initialiser() {}
  }

  private static final Map<String, Row> ROWS = new LinkedHashMap<>();

  static {
    ROWS.put("waitFor", p -> end(p).waitFor());
    ROWS.put("waitFor in time", p -> end(p).waitFor(LONG));
    ROWS.put("waitFor too long", p -> timedOut(() -> p.waitFor(SHORT)));
    ROWS.put("poll", p -> p.poll().isPresent());
    ROWS.put("poll in time", p -> end(p).poll(LONG).orElseThrow());
    ROWS.put("awaitAny", p -> Popen.awaitAny(List.of(end(p)), LONG).orElseThrow().returncode());
    ROWS.put("awaitAny too long", p -> Popen.awaitAny(List.of(p), SHORT).isPresent());
    ROWS.put("awaitAll", p -> Popen.awaitAll(List.of(end(p)), LONG));
    ROWS.put("communicate", p -> p.communicate("x\r\n").stdout());
    ROWS.put("communicate in time", p -> p.communicate("x\r\n", LONG).stdout());
    ROWS.put("communicate too long", p -> timedOut(() -> p.communicate(never(), SHORT)));
    ROWS.put("read", p -> end(p).stdoutReader().readLine() + p.waitFor());
    ROWS.put("kill", p -> p.kill() ? p.waitFor() : -1);
    ROWS.put("close", CarrierProgram::close);
    ROWS.put("close after timeout", p -> timedOut(() -> p.waitFor(SHORT)) + close(p));
    ROWS.put("another", p -> Command.shell("echo b").text().checkOutput() + p.poll().isPresent());
  }

  private CarrierProgram() {}

  /** The arguments are the place and the company; prints "fine" or what is different. */
  public static void main(String[] args) throws Exception {
    Place place = Place.valueOf(args[0]);
    Company company = Company.valueOf(args[1]);
    warmUp();
    Map<String, String> differences = new LinkedHashMap<>();
    for (Map.Entry<String, Row> row : ROWS.entrySet()) {
      String expected = outcome(row.getValue(), Place.BUSY_CARRIERS, Company.NONE, 0);
      String found = outcome(row.getValue(), place, company, 1);
      if (!found.equals(expected)) {
        differences.put(row.getKey(), found + " in place of " + expected);
        break; // after a hang, whatever follows hangs as well
      }
    }
    System.out.println(differences.isEmpty() ? "fine" : differences.toString());
    System.out.flush();
    Runtime.getRuntime().halt(0); // hanging threads may be left
  }

  /** Loads classes: a virtual thread that waits for another one's loading keeps its carrier. */
  private static void warmUp() throws Exception {
    try (Popen<String> p = reader().start()) {
      var _ = p.onExit();
      Popen.awaitAny(List.of(p), SHORT);
      p.communicate("x\r\n");
    }
  }

  private static String outcome(Row row, Place place, Company company, int busy) throws Exception {
    try (Popen<String> p = reader().start()) {
      accompany(p, company);
      FutureTask<Object> call = new FutureTask<>(() -> row.call(p));
      Spinners spinners = new Spinners(place == Place.INITIALISER ? 0 : busy);
      try {
        begin(call, place, busy);
        return String.valueOf(call.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      } catch (TimeoutException e) {
        return "a hang";
      } finally {
        spinners.stop();
        p.kill();
      }
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static void begin(FutureTask<Object> call, Place place, int busy) throws Exception {
    if (place == Place.INITIALISER && busy > 0) {
      task = call;
      byte[] code = code();
      Thread.ofVirtual().start(() -> ignored(() -> define(code)));
    } else {
      Thread.ofPlatform().daemon().start(call);
    }
  }

  private static Object define(byte[] code) throws IllegalAccessException {
    return MethodHandles.lookup().defineHiddenClass(code, true);
  }

  private static byte[] code() throws Exception {
    String name = Initialiser.class.getName();
    String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
    try (var in = Initialiser.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file);
      }
      return in.readAllBytes();
    }
  }

  private static void accompany(Popen<String> p, Company company) throws InterruptedException {
    if (company == Company.ON_EXIT || company == Company.WAITING) {
      var _ = p.onExit();
    }
    if (company == Company.WAITING) {
      Thread.ofVirtual().start(() -> ignored(p::waitFor));
    }
    if (company == Company.POLLING) {
      Thread.ofVirtual().start(() -> ignored(() -> poll(p)));
    }
    for (int i = 0; i < 10; i++) { // the others have run as far as they can when this has
      Thread.ofVirtual().start(() -> {}).join();
    }
  }

  private static Object poll(Popen<?> p) {
    while (p.poll().isEmpty()) {
      LockSupport.parkNanos(100_000);
    }
    return true;
  }

  private static void ignored(Callable<?> call) {
    try {
      call.call();
    } catch (Exception e) {
      // It ends when the child is closed.
    }
  }

  /** Virtual threads that compute, one for each carrier. */
  private static final class Spinners {
    private volatile boolean stopped;

    Spinners(int count) throws InterruptedException {
      CountDownLatch running = new CountDownLatch(count);
      for (int i = 0; i < count; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  running.countDown();
                  while (!stopped) {
                    Thread.onSpinWait();
                  }
                });
      }
      running.await();
    }

    void stop() {
      stopped = true;
    }
  }

  private static Command<String> reader() {
    return Command.shell("set /p x=& echo a& exit 3").text().stdin(PIPE).captureOutput();
  }

  private static Popen<String> end(Popen<String> p) throws IOException {
    p.stdinWriter().write("x\r\n");
    p.stdinWriter().flush();
    return p;
  }

  private static String timedOut(Callable<?> call) throws Exception {
    try {
      return "no timeout, but " + call.call();
    } catch (TimeoutExpiredException e) {
      return "timeout";
    }
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead") // it has no bytes
  private static Input never() {
    return Input.stream(
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              new CountDownLatch(1).await();
              return -1;
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        });
  }

  private static Object close(Popen<String> p) throws IOException {
    p.kill();
    p.close();
    return p.returncode();
  }
}

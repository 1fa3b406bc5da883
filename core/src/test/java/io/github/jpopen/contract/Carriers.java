package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes blocking calls where no virtual thread but its own can run: see {@link CarrierContract}. A
 * native module runs it in a JVM of its own, after it has added the calls that only its system has.
 */
public final class Carriers {
  /** What is printed if every call returned what it returns elsewhere. */
  static final String FINE = "fine";

  private static final String HANG = "a hang";

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** What the next {@link Initialiser} does. */
  static volatile FutureTask<?> task = new FutureTask<>(() -> null);

  /** Where a call is made. */
  enum Place {
    /** On a platform thread, while the carriers are free. */
    FREE_CARRIER(1, 0),
    /** On a platform thread, while a virtual thread computes on the only carrier. */
    ONE_BUSY_CARRIER(1, 1),
    /** The same with three carriers. */
    BUSY_CARRIERS(3, 3),
    /** In a static initialiser, which pins its virtual thread to the only carrier. */
    INITIALISER(1, 0);

    final int carriers;
    final int spinners;

    Place(int carriers, int spinners) {
      this.carriers = carriers;
      this.spinners = spinners;
    }
  }

  /** Which virtual threads wait for the same child already. They get no carrier during the call. */
  enum Company {
    NONE,
    /** The one that waits for {@code onExit}. */
    ON_EXIT,
    /** One in {@code waitFor}, that of {@code onExit}, and a reader unless the call reads. */
    WAITING,
    /** One that polls again and again. */
    POLLING
  }

  /** One call, with a child that has its three pipes. */
  public interface Call {
    /**
     * Makes it.
     *
     * @param child a new one
     * @return the same at every place
     * @throws Exception as the call does
     */
    Object make(Popen<String> child) throws Exception;
  }

  /** A call, and whether it reads the outputs of the child itself. */
  private record Row(boolean reads, Call call) {}

  /** Its bytecode is defined again for each call, because a class is initialised once. */
  static final class Initialiser {
    static {
      task.run();
    }

    private Initialiser() {}
  }

  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Command<String> child;
  private final String last;
  private final Duration limit;

  /**
   * With the calls that every system has.
   *
   * @param child writes a line and exits with 3 after the last line of its input; ends with it
   * @param last that line, with its end
   * @param limit only a hang takes longer
   */
  public Carriers(Command<String> child, String last, Duration limit) {
    this.child = child;
    this.last = last;
    this.limit = limit;
    addWaits();
    addConversations();
    addStreams();
    addEnds();
  }

  private void addWaits() {
    row("waitFor", p -> end(p).waitFor());
    row("waitFor in time", p -> end(p).waitFor(LONG));
    row("waitFor too long", p -> timedOut(() -> p.waitFor(SHORT)));
    row("poll", p -> p.poll().isPresent());
    row("poll in time", p -> end(p).poll(LONG).orElseThrow());
    row("poll too long", p -> p.poll(SHORT).isPresent());
    row("awaitAny", p -> Popen.awaitAny(List.of(end(p)), LONG).orElseThrow().returncode());
    row("awaitAny of two", this::awaitAnyOfTwo);
    row("awaitAny too long", p -> Popen.awaitAny(List.of(p), SHORT).isPresent());
    row("awaitAll", p -> Popen.awaitAll(List.of(end(p)), LONG));
    row("awaitAll too long", p -> Popen.awaitAll(List.of(p), SHORT));
    row("another", p -> Command.shell("echo b").text().checkOutput() + p.poll().isPresent());
  }

  private void addConversations() {
    reading("communicate", p -> p.communicate(last).stdout());
    reading("communicate in time", p -> p.communicate(last, LONG).stdout());
    reading("communicate too long", p -> timedOut(() -> p.communicate(never(), SHORT)));
    reading("communicate array", p -> p.communicate(Input.stream(array(last))).stdout());
    reading("communicate stream", p -> p.communicate(Input.stream(stream(last))).stdout());
    reading("communicate opened", p -> p.communicate(Input.stream(() -> stream(last))).stdout());
    reading("communicate child", this::fromAnotherChild);
  }

  private void addStreams() {
    reading("read", p -> end(p).stdoutReader().readLine() + p.waitFor());
    reading("bytes", this::bytes);
    reading("available", p -> p.stdout().available() + " " + p.stdoutReader().ready());
    row("stdin closed", Carriers::closeStdin);
    row("stdout closed", Carriers::closeOutput);
  }

  private void addEnds() {
    row("kill", p -> p.kill() ? p.waitFor() : "not killed");
    row("close", Carriers::close);
    row("close after timeout", p -> timedOut(() -> p.waitFor(SHORT)) + close(p));
    row("kill and close", p -> p.kill() + close(p));
    row("kill and close after timeout", Carriers::killAfterTimeout);
  }

  /** Adds a call. */
  public Carriers row(String name, Call call) {
    rows.put(name, new Row(false, call));
    return this;
  }

  /** Adds a call that reads the outputs of its child, which no other thread may read then. */
  public Carriers reading(String name, Call call) {
    rows.put(name, new Row(true, call));
    return this;
  }

  /** The arguments are the place and the company; prints "fine" or what is different. */
  public void run(String[] args) throws Exception {
    warmUp();
    System.out.println(difference(Place.valueOf(args[0]), Company.valueOf(args[1])));
    System.out.flush();
    Runtime.getRuntime().halt(0); // hanging threads may be left
  }

  /** Loads classes: a virtual thread that waits for another one's loading keeps its carrier. */
  private void warmUp() throws Exception {
    try (Popen<String> p = child.start()) {
      var _ = p.onExit();
      Popen.awaitAny(List.of(p), SHORT);
      p.stdoutReader().ready();
      p.communicate(last);
    }
  }

  /** Only the first one: after a hang, whatever follows hangs as well. */
  private String difference(Place place, Company company) throws Exception {
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      String expected = outcome(row.getValue(), Place.FREE_CARRIER, Company.NONE);
      String found = outcome(row.getValue(), place, company);
      if (!found.equals(expected)) {
        return row.getKey() + ": " + found + " in place of " + expected;
      }
    }
    return FINE;
  }

  private String outcome(Row row, Place place, Company company) throws Exception {
    Popen<String> p = child.start();
    accompany(p, company, row.reads());
    FutureTask<Object> call = new FutureTask<>(() -> row.call().make(p));
    Spinners spinners = new Spinners(place.spinners);
    begin(call, place);
    String outcome = outcome(call);
    spinners.stop();
    if (!outcome.equals(HANG)) { // then these may hang as well
      p.kill();
      p.close();
    }
    return outcome;
  }

  private String outcome(FutureTask<Object> call) throws InterruptedException {
    try {
      return String.valueOf(call.get(limit.toMillis(), MILLISECONDS));
    } catch (TimeoutException e) {
      return HANG;
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static void begin(FutureTask<Object> call, Place place) throws IOException {
    if (place == Place.INITIALISER) {
      task = call;
      byte[] code = code();
      start(() -> MethodHandles.lookup().defineHiddenClass(code, true));
    } else {
      Thread.ofPlatform().daemon().start(call);
    }
  }

  private static byte[] code() throws IOException {
    String name = Initialiser.class.getName();
    String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = Initialiser.class.getResourceAsStream(file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    }
  }

  private static void accompany(Popen<?> p, Company company, boolean reads)
      throws InterruptedException {
    if (company == Company.ON_EXIT || company == Company.WAITING) {
      var _ = p.onExit();
    }
    if (company == Company.WAITING) {
      start(p::waitFor);
    }
    if (company == Company.WAITING && !reads) {
      start(() -> p.stdout().read());
    }
    if (company == Company.POLLING) {
      start(() -> poll(p));
    }
    for (int i = 0; i < 10; i++) { // the others have run as far as they can when this has
      Thread.ofVirtual().start(() -> {}).join();
    }
  }

  private static boolean poll(Popen<?> p) {
    while (p.poll().isEmpty()) {
      LockSupport.parkNanos(100_000);
    }
    return true;
  }

  private static void start(Callable<?> call) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                call.call();
              } catch (Exception e) {
                // It ends when the child is closed.
              }
            });
  }

  /** Virtual threads that compute. */
  private static final class Spinners {
    private volatile boolean stopped;

    Spinners(int count) throws InterruptedException {
      CountDownLatch running = new CountDownLatch(count);
      for (int i = 0; i < count; i++) {
        Thread.ofVirtual().start(() -> spin(running));
      }
      running.await();
    }

    private void spin(CountDownLatch running) {
      running.countDown();
      while (!stopped) {
        Thread.onSpinWait();
      }
    }

    void stop() {
      stopped = true;
    }
  }

  private Popen<String> end(Popen<String> p) throws IOException {
    p.stdinWriter().write(last);
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

  private static InputStream array(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  /** Of a kind that nothing is known about. */
  public static InputStream stream(String text) {
    return new FilterInputStream(array(text)) {};
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

  private Object awaitAnyOfTwo(Popen<String> p) throws Exception {
    try (Popen<String> other = child.killOnClose().start()) {
      return Popen.awaitAny(List.of(other, end(p)), LONG).orElseThrow().returncode();
    }
  }

  private Object fromAnotherChild(Popen<String> p) throws Exception {
    try (Popen<byte[]> other = Command.shell("echo " + last.strip()).stdout(PIPE).start()) {
      return p.communicate(Input.stream(other.stdout())).stdout() + other.waitFor();
    }
  }

  private Object bytes(Popen<String> p) throws Exception {
    p.stdin().write(last.getBytes(UTF_8));
    p.stdin().flush();
    return p.stdout().read() + " " + p.stdout().readAllBytes().length + " " + p.stderr().read();
  }

  private static Object closeStdin(Popen<String> p) throws Exception {
    p.stdin().close();
    return p.waitFor();
  }

  private static Object closeOutput(Popen<String> p) throws Exception {
    p.stdout().close();
    p.stderr().close();
    return p.poll().isPresent();
  }

  private static String close(Popen<String> p) throws IOException {
    p.close();
    return p.returncode() + (ProcessHandle.of(p.pid()).isPresent() ? " still there" : " gone");
  }

  private static Object killAfterTimeout(Popen<String> p) throws Exception {
    return timedOut(() -> p.waitFor(SHORT)) + p.kill() + close(p);
  }
}

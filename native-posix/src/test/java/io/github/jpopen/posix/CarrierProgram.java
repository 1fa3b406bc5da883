package io.github.jpopen.posix;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes every blocking call where no virtual thread but its own can run: see CarrierTest. */
final class CarrierProgram {
  /** Only a hang takes longer. */
  private static final long LIMIT_SECONDS = 20;

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int BULK = 1 << 20;

  /** What the next {@link Initialiser} does. */
  static volatile FutureTask<?> task = new FutureTask<>(() -> null);

  /** Where a call is made. */
  enum Place {
    /** On a platform thread, while a virtual thread computes on the only carrier. */
    ONE_BUSY_CARRIER(1),
    /** The same with three carriers. */
    BUSY_CARRIERS(3),
    /** In a static initialiser, which pins its virtual thread to the only carrier. */
    INITIALISER(1);

    final int carriers;

    Place(int carriers) {
      this.carriers = carriers;
    }
  }

  /** Which virtual threads wait for the same child already. They get no carrier during the call. */
  enum Company {
    NONE,
    /** The one that waits for {@code onExit}. */
    ON_EXIT,
    /** One in {@code waitFor}, and those of {@code onExit}. */
    WAITING
  }

  /** One call, with a child that has its three pipes. */
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
    ROWS.put("poll too long", p -> p.poll(SHORT).isPresent());
    ROWS.put("awaitAny", p -> Popen.awaitAny(List.of(end(p)), LONG).orElseThrow().returncode());
    ROWS.put("awaitAny of two", CarrierProgram::awaitAnyOfTwo);
    ROWS.put("awaitAny too long", p -> Popen.awaitAny(List.of(p), SHORT).isPresent());
    ROWS.put("awaitAll", p -> Popen.awaitAll(List.of(end(p)), LONG));
    ROWS.put("awaitAll too long", p -> Popen.awaitAll(List.of(p), SHORT));
    ROWS.put("communicate", p -> p.communicate("end\n").stdout());
    ROWS.put("communicate in time", p -> p.communicate("end\n", LONG).stdout());
    ROWS.put("communicate too long", p -> timedOut(() -> p.communicate(never(), SHORT)));
    ROWS.put("communicate array", p -> p.communicate(Input.stream(array("end\n"))).stdout());
    ROWS.put("communicate stream", p -> p.communicate(Input.stream(stream("end\n"))).stdout());
    ROWS.put(
        "communicate opened", p -> p.communicate(Input.stream(() -> stream("end\n"))).stdout());
    ROWS.put("communicate file", p -> p.communicate(Input.file(Path.of("/etc/passwd"))).stdout());
    ROWS.put("communicate child", CarrierProgram::fromAnotherChild);
    ROWS.put("run", _ -> Command.of("echo", "x").text().checkOutput());
    ROWS.put("run array", _ -> sent(Input.stream(new ByteArrayInputStream(new byte[BULK]))));
    ROWS.put("run stream", _ -> sent(Input.stream(stream("x".repeat(BULK)))));
    ROWS.put("bulk stream", CarrierProgram::bulk);
    ROWS.put("streams", CarrierProgram::dialogue);
    ROWS.put("bytes", CarrierProgram::bytes);
    ROWS.put("available", p -> p.stdout().available() + " " + p.stdoutReader().ready());
    ROWS.put("stdin closed", CarrierProgram::closeStdin);
    ROWS.put("stdout closed", CarrierProgram::closeOutput);
    ROWS.put("signals", p -> p.sendSignal(Signal.SIGCONT) && p.terminate() && p.waitFor() < 0);
    ROWS.put("kill", p -> p.kill() ? p.waitFor() : 1);
    ROWS.put("close", CarrierProgram::close);
    ROWS.put("close after timeout", CarrierProgram::closeAfterTimeout);
  }

  private CarrierProgram() {}

  /** The arguments are the result, the place and the company. */
  public static void main(String[] args) throws Exception {
    Place place = Place.valueOf(args[1]);
    Company company = Company.valueOf(args[2]);
    Map<String, String> differences = new LinkedHashMap<>();
    warmUp();
    for (Map.Entry<String, Row> row : ROWS.entrySet()) {
      String expected = outcome(row.getValue(), Place.ONE_BUSY_CARRIER, Company.NONE, 0);
      String found = outcome(row.getValue(), place, company, place.carriers);
      if (!found.equals(expected)) {
        differences.put(row.getKey(), found + " in place of " + expected);
        break; // after a hang, whatever follows hangs as well
      }
    }
    SubJvm.report(args[0], SubJvm.verdict(differences));
    Runtime.getRuntime().halt(0); // hanging threads may be left
  }

  /** Loads classes: a virtual thread that waits for another one's loading keeps its carrier. */
  private static void warmUp() throws Exception {
    try (Popen<String> p = reader().start()) {
      var _ = p.onExit();
      Popen.awaitAny(List.of(p), SHORT);
      p.stdoutReader().ready();
      p.communicate("end\n");
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
    } catch (java.util.concurrent.ExecutionException e) {
      return String.valueOf(e.getCause());
    }
  }

  private static void begin(FutureTask<Object> call, Place place, int busy) throws Exception {
    if (place == Place.INITIALISER && busy > 0) {
      task = call;
      byte[] code = code();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  MethodHandles.lookup().defineHiddenClass(code, true);
                } catch (IllegalAccessException e) {
                  throw new IllegalStateException(e);
                }
              });
    } else {
      Thread.ofPlatform().daemon().start(call);
    }
  }

  private static byte[] code() throws IOException {
    String name = Initialiser.class.getName();
    String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
    try (InputStream in = Initialiser.class.getResourceAsStream(file)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static void accompany(Popen<?> p, Company company) throws InterruptedException {
    if (company != Company.NONE) {
      var _ = p.onExit();
    }
    if (company == Company.WAITING) {
      Thread.ofVirtual().start(() -> ignored(p::waitFor));
    }
    for (int i = 0; i < 10; i++) { // the others have run as far as they can when this has
      Thread.ofVirtual().start(() -> {}).join();
    }
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

  /** Echoes lines, and ends after "end" or at the end of its input. */
  private static Command<String> reader() {
    String script = "while read -r line; do echo \"$line\"; [ \"$line\" != end ] || exit 3; done";
    return Command.shell(script).text().stdin(Redirect.PIPE).captureOutput();
  }

  private static Popen<String> end(Popen<String> p) throws IOException {
    p.stdinWriter().write("end\n");
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
    return new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Of a kind that nothing is known about. */
  private static InputStream stream(String text) {
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

  private static int sent(Input input) throws IOException, InterruptedException {
    return Command.of("wc", "-c").text().input(input).checkOutput().strip().length();
  }

  private static Object awaitAnyOfTwo(Popen<String> p) throws Exception {
    try (Popen<byte[]> other = Command.of("sleep", "60").killOnClose().start()) {
      Optional<Popen<?>> first = Popen.awaitAny(Arrays.asList(other, end(p)), LONG);
      return first.orElseThrow().returncode();
    }
  }

  private static Object fromAnotherChild(Popen<String> p) throws Exception {
    try (Popen<byte[]> other = Command.of("echo", "end").stdout(Redirect.PIPE).start()) {
      return p.communicate(Input.stream(other.stdout())).stdout() + other.waitFor();
    }
  }

  /** Three children in a row, while the first one has the company. */
  private static Object bulk(Popen<String> p) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      lines.add("a line of some length with the number " + i);
    }
    String text = String.join("\n", lines) + "\n";
    return p.communicate(Input.stream(stream(text))).stdout().equals(text);
  }

  private static Object dialogue(Popen<String> p) throws Exception {
    StringBuilder heard = new StringBuilder();
    Writer writer = p.stdinWriter();
    for (int i = 0; i < 20; i++) {
      writer.write(i + "\n");
      writer.flush();
      heard.append(p.stdoutReader().readLine()).append(' ');
    }
    return heard.append(end(p).waitFor());
  }

  private static Object bytes(Popen<String> p) throws Exception {
    p.stdin().write("end\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
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

  private static Object close(Popen<String> p) throws Exception {
    p.close();
    return p.returncode();
  }

  private static Object closeAfterTimeout(Popen<String> p) throws Exception {
    String timedOut = timedOut(() -> p.waitFor(SHORT));
    p.close();
    return timedOut + p.returncode() + Files.exists(Path.of("/proc/" + p.pid() + "/fd"));
  }
}

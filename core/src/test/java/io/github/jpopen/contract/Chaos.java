package io.github.jpopen.contract;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.github.jpopen.Input;
import io.github.jpopen.Output;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Eight threads that do everything at once with one child, while a ninth interrupts them at random.
 *
 * <p>One round in three is quiet: no thread is interrupted and no call has a timeout. Only the end
 * of the child can then wake a thread that has missed its wake-up.
 *
 * <p>This must hold, whatever they do:
 *
 * <ul>
 *   <li>All threads see the same exit status.
 *   <li>Every thread ends after the child.
 *   <li>No byte is lost or reported twice.
 *   <li>Only exceptions that the API documents are thrown.
 * </ul>
 */
public final class Chaos {
  /** What the threads do beside waiting. */
  public enum Plan {
    /** They converse, blocking and async, until everything is there. */
    TALK,
    /** The same, and one kills. */
    KILL,
    /** The same, and one closes at some moment. */
    CLOSE,
    /** They use the streams. */
    STREAMS,
    /** They read a part from the stream, and converse for the rest. */
    MIXED
  }

  /**
   * One child and its expected behaviour.
   *
   * @param popen all three streams are pipes; the child copies stdin to stdout and writes to stderr
   * @param input the bytes to send
   * @param stderr the bytes that it writes to stderr
   * @param code its exit code unless it is killed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Subject(Popen<byte[]> popen, byte[] input, byte[] stderr, int code) {}

  private interface Action {
    /** Does it once; false if there is no more to do. */
    boolean go(RandomGenerator random) throws IOException, InterruptedException, ExecutionException;
  }

  private static final long LIMIT_SECONDS = 20;

  private final Subject subject;
  private final Popen<byte[]> p;
  private final Plan plan;
  private final SplittableRandom random;
  private final List<Thread> actors = new ArrayList<>();
  private final Set<Integer> codes = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Output<byte[]>> output = new AtomicReference<>();
  private final ByteArrayOutputStream read = new ByteArrayOutputStream();
  private final ByteArrayOutputStream readErrors = new ByteArrayOutputStream();
  private final AtomicInteger written = new AtomicInteger();
  private final AtomicInteger interrupts = new AtomicInteger();
  private final boolean quiet;
  private volatile boolean given;

  private Chaos(Subject subject, Plan plan, long seed) {
    this.subject = subject;
    this.p = subject.popen;
    this.plan = plan;
    this.random = new SplittableRandom(seed);
    this.quiet = random.nextInt(3) == 0;
  }

  /**
   * One round, at the end of which the child is closed.
   *
   * @param subject just started
   * @param plan what the threads do
   * @param seed of everything that is random here
   * @return how many calls were interrupted
   */
  public static int run(Subject subject, Plan plan, long seed) throws InterruptedException {
    Chaos chaos = new Chaos(subject, plan, seed);
    try {
      chaos.start();
      chaos.interruptUntilAllEnd();
      chaos.check();
      return chaos.interrupts.get();
    } catch (AssertionError e) {
      throw new AssertionError(plan + " with seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private void start() {
    switch (plan) {
      case TALK -> talkers(3);
      case KILL -> {
        talkers(2);
        once(this::kill);
      }
      case CLOSE -> {
        talkers(2);
        once(this::close);
      }
      case STREAMS -> {
        actor(this::write);
        actor(r -> read(r, p.stdout(), read, Integer.MAX_VALUE));
        actor(r -> read(r, p.stderr(), readErrors, Integer.MAX_VALUE));
      }
      case MIXED -> {
        int part = random.nextInt(subject.input.length);
        AtomicInteger left = new AtomicInteger(2);
        actor(r -> write(r) || left.decrementAndGet() < 0);
        actor(r -> read(r, p.stdout(), read, part) || left.decrementAndGet() < 0);
        actor(r -> left.get() > 0 ? pause(r) : talk(r, null));
      }
    }
    actor(this::waitFor);
    actor(this::poll);
    actor(this::waitForMany);
    actor(this::onExit);
    actor(this::asyncWait);
    for (Thread actor : actors) {
      actor.start();
    }
  }

  private void talkers(int count) {
    Input input = Input.wrap(subject.input);
    for (int i = 0; i < count; i++) {
      boolean async = i % 2 == 1;
      actor(r -> async ? talkAsync(r, input) : talk(r, input));
    }
  }

  /** A thread that does something again and again until there is no more to do. */
  private void actor(Action action) {
    SplittableRandom own = random.split();
    Background.Kind kind = Background.Kind.inTurn(actors.size());
    actors.add(kind.thread(() -> act(action, own)));
  }

  private void once(Action action) {
    actor(
        r -> {
          LockSupport.parkNanos(r.nextLong(3_000_000));
          return action.go(r);
        });
  }

  @SuppressWarnings("CatchingUnchecked") // whatever comes out is looked at
  private void act(Action action, RandomGenerator own) {
    while (true) {
      try {
        if (!action.go(own)) {
          return;
        }
      } catch (InterruptedException | InterruptedIOException e) {
        interrupts.incrementAndGet();
        boolean _ = Thread.interrupted(); // an InterruptedIOException leaves it
      } catch (TimeoutExpiredException e) {
        // the child lives on, and so does this
      } catch (IllegalStateException e) {
        if (!isExpected(e)) {
          failures.add(e);
          return;
        }
        if (String.valueOf(e.getMessage()).equals("this Popen is closed")) {
          return;
        }
        boolean _ = Thread.interrupted(); // otherwise it would spin instead of parking
        LockSupport.parkNanos(own.nextLong(200_000));
      } catch (Throwable e) {
        failures.add(e);
        return;
      }
    }
  }

  private boolean isExpected(IllegalStateException e) {
    return switch (String.valueOf(e.getMessage())) {
      case "another thread is in communicate" -> plan != Plan.STREAMS;
      case "this Popen is closed" -> plan == Plan.CLOSE;
      default -> false;
    };
  }

  private Duration some(RandomGenerator r) {
    return quiet ? Duration.ofDays(1) : Duration.ofNanos(r.nextLong(3_000_000) - 500_000);
  }

  private boolean pause(RandomGenerator r) {
    LockSupport.parkNanos(r.nextLong(100_000));
    return true;
  }

  // What they do.

  /** The first call gives the input; which thread makes it is left to chance. */
  private boolean talk(RandomGenerator r, @Nullable Input input)
      throws IOException, InterruptedException {
    try {
      Duration time = some(r);
      return tell(input == null || given ? p.communicate(time) : p.communicate(input, time));
    } catch (IllegalStateException e) {
      return again(e);
    }
  }

  private boolean talkAsync(RandomGenerator r, Input input)
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<Output<byte[]>> future;
    try {
      Duration time = some(r);
      future = given ? p.communicateAsync(time) : p.communicateAsync(input, time);
    } catch (IllegalStateException e) {
      return again(e);
    }
    LockSupport.parkNanos(r.nextLong(1_000_000));
    if (!quiet && r.nextBoolean()) {
      boolean _ = future.cancel(r.nextBoolean());
    }
    try {
      return tell(future.get());
    } catch (CancellationException e) {
      return true;
    } catch (InterruptedException e) {
      boolean _ = future.cancel(true); // an interrupted get leaves the call running
      throw e;
    } catch (ExecutionException e) {
      return unwrap(e);
    }
  }

  private boolean again(IllegalStateException e) {
    if (String.valueOf(e.getMessage())
        .equals("communicate was called before, which fixed the input: call it without input")) {
      given = true;
      return true;
    }
    throw e;
  }

  private static boolean unwrap(ExecutionException e)
      throws IOException, InterruptedException, ExecutionException {
    switch (e.getCause()) {
      case IOException cause -> throw cause;
      case InterruptedException cause -> throw cause;
      case IllegalStateException cause -> throw cause;
      case null, default -> throw e;
    }
  }

  private boolean tell(Output<byte[]> told) {
    Output<byte[]> before = output.compareAndExchange(null, told);
    if (before != null && !before.equals(told)) {
      failures.add(new AssertionError("two different outputs"));
    }
    hear(p.returncode());
    return false;
  }

  private boolean write(RandomGenerator r) throws IOException {
    int from = written.get();
    if (from == subject.input.length) {
      p.stdin().flush();
      if (plan == Plan.STREAMS) {
        p.stdin().close();
      }
      return false;
    }
    int n = Math.min(subject.input.length - from, 1 + r.nextInt(20_000));
    try {
      p.stdin().write(subject.input, from, n);
      written.addAndGet(n);
      if (r.nextInt(8) == 0) {
        p.stdin().flush();
      }
    } catch (InterruptedIOException e) {
      if (written.get() == from) { // otherwise the flush was interrupted
        written.addAndGet(e.bytesTransferred);
      }
      throw e;
    }
    return true;
  }

  private boolean read(RandomGenerator r, InputStream from, ByteArrayOutputStream to, int limit)
      throws IOException {
    byte[] buffer = new byte[Math.min(limit - to.size(), 1 + r.nextInt(20_000))];
    int n = buffer.length == 0 ? -1 : from.read(buffer);
    if (n > 0) {
      to.write(buffer, 0, n);
    }
    return n >= 0;
  }

  private boolean kill(RandomGenerator r) {
    boolean _ = p.kill();
    return r.nextInt(3) > 0;
  }

  private boolean close(RandomGenerator r) throws IOException {
    if (r.nextBoolean()) {
      boolean _ = p.kill();
    }
    p.close(); // kills by itself, waits or not, as the threads before have left it
    return r.nextBoolean();
  }

  private boolean waitFor(RandomGenerator r) throws IOException, InterruptedException {
    return hear(r.nextInt(4) == 0 ? p.waitFor() : p.waitFor(some(r)));
  }

  private boolean poll(RandomGenerator r) throws InterruptedException {
    OptionalInt code = r.nextBoolean() ? p.poll() : p.poll(some(r));
    if (code.isPresent()) {
      return hear(code.getAsInt());
    }
    return pause(r);
  }

  private boolean waitForMany(RandomGenerator r) throws InterruptedException {
    boolean ended =
        r.nextBoolean()
            ? Popen.awaitAny(List.of(p, p), some(r)).isPresent()
            : Popen.awaitAll(List.of(p), some(r));
    return !ended || hear(p.returncode());
  }

  private boolean onExit(RandomGenerator r)
      throws IOException, InterruptedException, ExecutionException {
    CompletableFuture<Popen<byte[]>> future = p.onExit();
    if (!quiet && r.nextInt(4) > 0) {
      LockSupport.parkNanos(r.nextLong(1_000_000));
      boolean _ = future.cancel(true);
    }
    try {
      return hear(future.get().returncode());
    } catch (CancellationException e) {
      return true;
    } catch (ExecutionException e) {
      return unwrap(e);
    }
  }

  private boolean asyncWait(RandomGenerator r)
      throws IOException, InterruptedException, ExecutionException {
    try {
      long nanos = quiet ? Long.MAX_VALUE : r.nextLong(2_000_000);
      return hear(p.onExit().orTimeout(nanos, NANOSECONDS).get().returncode());
    } catch (ExecutionException e) {
      return e.getCause() instanceof TimeoutException || unwrap(e);
    }
  }

  private boolean hear(int code) {
    codes.add(code);
    return false;
  }

  // What must have come of it.

  private void interruptUntilAllEnd() throws InterruptedException {
    long end = System.nanoTime() + SECONDS.toNanos(LIMIT_SECONDS);
    while (actors.stream().anyMatch(Thread::isAlive)) {
      Thread actor = actors.get(random.nextInt(actors.size()));
      if (!quiet) {
        actor.interrupt();
      }
      LockSupport.parkNanos(random.nextLong(1_500_000));
      if (System.nanoTime() > end) {
        throw new AssertionError("hangs:" + stacks());
      }
    }
  }

  private String stacks() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < actors.size(); i++) {
      Thread actor = actors.get(i);
      if (actor.isAlive()) {
        text.append("\nactor ").append(i).append(' ').append(actor.getState());
        for (StackTraceElement frame : actor.getStackTrace()) {
          text.append("\n  ").append(frame);
        }
      }
    }
    return text.toString();
  }

  private void check() throws InterruptedException {
    try {
      p.close();
    } catch (IOException e) {
      failures.add(e);
    }
    AssertionError wrong = new AssertionError("see the causes");
    failures.forEach(wrong::addSuppressed);
    require(failures.isEmpty(), wrong);
    require(codes.size() <= 1, "different codes: " + codes);
    if (plan == Plan.CLOSE) {
      return; // it may have been closed before any thread saw the exit
    }
    require(codes.size() == 1, "no thread saw the exit");
    if (plan == Plan.KILL) {
      return;
    }
    require(codes.contains(subject.code), "code " + codes + " but not " + subject.code);
    Output<byte[]> told = output.get();
    if (told != null) {
      read.writeBytes(told.stdout());
      readErrors.writeBytes(told.stderr());
    }
    require(Arrays.equals(read.toByteArray(), subject.input), "stdout: " + read.size());
    require(Arrays.equals(readErrors.toByteArray(), subject.stderr), "stderr: " + readErrors);
  }

  private static void require(boolean condition, String message) {
    require(condition, new AssertionError(message));
  }

  private static void require(boolean condition, AssertionError wrong) {
    if (!condition) {
      throw wrong;
    }
  }
}

package io.github.jpopen.testing;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.testing.fake.Director;
import io.github.jpopen.testing.fake.FakePlatform;
import io.github.jpopen.testing.fake.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fake programs in place of real ones, for the tests of code that starts children.
 *
 * <p>
 *
 * {@snippet :
 * try (FakePrograms fakes = FakePrograms.install()) {
 *   fakes.on("git", "rev-parse").stdout("abc\n").exit(0);
 *   assertEquals("abc", app.version());
 *   assertEquals(List.of("git", "rev-parse", "HEAD"), fakes.calls().getFirst().args());
 * }
 * }
 *
 * <p>From {@link #install} to {@link #close}, each command of this JVM starts a fake, on every
 * thread. So no other test that starts commands may run at the same time. A program without a fake
 * is refused by an {@link AssertionError} that names it, unless {@link #passThrough} was called.
 *
 * <p>A fake starts no process and no thread. It is a script that plays on the threads that look at
 * the child. Everything else is the real jpopen: timeouts, text, bounds, exceptions and {@code
 * close}.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FakePrograms implements AutoCloseable {
  private final List<Rule> rules = new ArrayList<>();
  private final List<FakeCall> calls = new ArrayList<>();
  private final FakePlatform platform = new FakePlatform(this::cast);
  private final @Nullable Path recordedTo;
  private boolean passesThrough;
  private boolean isClosed;

  private FakePrograms(@Nullable Path recordedTo) {
    this.recordedTo = recordedTo;
  }

  /**
   * Puts fakes in the place of all programs that this JVM starts.
   *
   * @return the fakes, none yet; to be closed
   * @throws IllegalStateException if fakes are installed already
   */
  public static FakePrograms install() {
    return install(null);
  }

  private static FakePrograms install(@Nullable Path recordedTo) {
    FakePrograms fakes = new FakePrograms(recordedTo);
    Platforms.substitute(fakes.platform);
    return fakes;
  }

  /**
   * Starts real programs and records what they do. {@link #close} writes it to a file, which {@link
   * #replay} reads.
   *
   * <p>The file is text, and has the following:
   *
   * <ul>
   *   <li>the arguments, except for those of {@code secretArg}
   *   <li>the outputs that are pipes to this process, and the number of bytes of input
   *   <li>the signals that were sent to the program itself
   *   <li>the times in milliseconds, and how the program has ended or why it could not be started
   * </ul>
   *
   * <p>It has no input, no environment and no directory. Outputs may hold secrets: look at the file
   * before you share it.
   *
   * @param file is written or overwritten by {@link #close}
   * @return to be closed; a program with a fake is not recorded
   * @throws IllegalStateException if fakes are installed already
   */
  public static FakePrograms record(Path file) {
    return install(file).passThrough();
  }

  /**
   * Puts fakes in the place of the programs that were recorded, without their delays.
   *
   * <p>A command fits if its arguments are the recorded ones; a secret fits any. If it was recorded
   * several times, each start plays the next, and the last again and again. A signal that was sent
   * is waited for, so a timeout takes its time.
   *
   * @param file what {@link #record} has written
   * @return the fakes; to be closed
   * @throws IOException if the file cannot be read, or is not a recording; the message says why
   * @throws IllegalStateException if fakes are installed already
   */
  public static FakePrograms replay(Path file) throws IOException {
    Recording recording = Recording.read(file);
    FakePrograms fakes = install();
    recording.rules().forEach(fakes::add);
    return fakes;
  }

  /**
   * Makes a fake for commands that begin like this.
   *
   * <p>If several fakes fit a command, the one with the most arguments is taken. Of several such,
   * one with a condition is taken, and of these the one that was made last.
   *
   * @param beginning the program and its first arguments; none for any program. A program without a
   *     folder also fits a path that ends with it
   * @return the fake; until it gets a script it exits with 0
   */
  public FakeProgram on(String... beginning) {
    return add(Rule.on(List.of(beginning)));
  }

  /**
   * Makes a fake for commands that satisfy a condition.
   *
   * @param condition gets the arguments, the working directory and the environment. It is called on
   *     the thread that starts the command, perhaps several times
   * @param beginning the program and its first arguments; none for any program
   * @return the fake; until it gets a script it exits with 0
   */
  public FakeProgram on(Predicate<? super FakeCall> condition, String... beginning) {
    return add(Rule.on(List.of(beginning), condition));
  }

  private synchronized FakeProgram add(Rule rule) {
    rules.add(rule);
    return rule.program();
  }

  /**
   * Starts the real program if a command has no fake.
   *
   * @return this
   */
  public synchronized FakePrograms passThrough() {
    passesThrough = true;
    return this;
  }

  private Director.Part cast(SpawnRequest request) {
    FakeCall call = new FakeCall(request);
    FakeProgram program = programFor(call);
    Script script = program == null ? null : program.next();
    synchronized (this) {
      calls.add(call);
      if (isClosed) { // this start had begun before
        call.end();
      }
    }
    return new Director.Part(script, call::startedAs, recordedTo == null ? null : call.take());
  }

  /** Null if the real program is to be started. */
  private @Nullable FakeProgram programFor(FakeCall call) {
    Rule best = null;
    for (Rule rule : rules()) {
      if ((best == null || rule.weight() >= best.weight()) && rule.fits(call)) {
        best = rule;
      }
    }
    if (best != null) {
      return best.program();
    }
    synchronized (this) {
      if (passesThrough) {
        return null;
      }
    }
    throw new AssertionError("no fake program for " + call + known());
  }

  private synchronized List<Rule> rules() {
    return List.copyOf(rules);
  }

  private String known() {
    List<Rule> all = rules();
    String shown = all.stream().map(rule -> "\n  " + rule).collect(Collectors.joining());
    return all.isEmpty() ? ": there is none at all" : "; there are" + shown;
  }

  /**
   * Returns the starts so far, in their order.
   *
   * @return a copy. It includes starts that {@link FakeProgram#failsToStart} made fail, but not
   *     those of programs without a fake, which were refused
   */
  public synchronized List<FakeCall> calls() {
    return List.copyOf(calls);
  }

  /**
   * Uses real programs again, and ends the fakes that still run. A second call has no further
   * effect.
   *
   * @throws UncheckedIOException if a recording cannot be written
   */
  @Override
  public void close() {
    Platforms.restore(platform);
    synchronized (this) {
      isClosed = true;
    }
    calls().forEach(FakeCall::end);
    if (recordedTo != null) {
      try {
        Recording.write(recordedTo, calls());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write the recording: " + recordedTo, e);
      }
    }
  }
}

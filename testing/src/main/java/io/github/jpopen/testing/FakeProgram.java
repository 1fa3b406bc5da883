package io.github.jpopen.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.Signal;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.testing.fake.Act;
import io.github.jpopen.testing.fake.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a fake program does, in the order in which these methods are called.
 *
 * <p>
 *
 * {@snippet :
 * fakes.on("make").stdout("compiling\n").after(Duration.ofMillis(50)).stderr("no rule\n").exit(2);
 * }
 *
 * <p>A script that does not say how it ends exits with 0 after its last act. Unless {@link
 * #ignoresInput} is called, the program takes everything that comes on its stdin as soon as it
 * comes, and does not wait for it. Each start plays the script from its beginning; {@link #then}
 * begins the script of the next start.
 *
 * <p>Thread-safe. A change applies to the children that are started after it.
 *
 * @since 0.1
 */
public final class FakeProgram {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final List<Draft> drafts = new ArrayList<>(List.of(new Draft()));
  private int starts;

  FakeProgram() {}

  /** A script that is being written. */
  private static final class Draft {
    final List<Act> acts = new ArrayList<>();
    final Map<Integer, List<Act>> reactions = new HashMap<>();
    boolean takesInput = true;
    boolean leavesOutputOpen;
    boolean passesThrough;
    @Nullable Usage usage;
    @Nullable Function<SpawnRequest, SpawnRefused> refusal;

    Script script() {
      return new Script(acts, reactions, takesInput, leavesOutputOpen, usage, refusal);
    }
  }

  /** The script of the next start; null if the real program is to be started. */
  synchronized @Nullable Script next() {
    int number = Math.min(starts++, drafts.size() - 1);
    Draft draft = drafts.get(number);
    return draft.passesThrough ? null : draft.script();
  }

  /** Cannot be started, for a reason that was recorded. */
  FakeProgram refusedBy(Function<SpawnRequest, SpawnRefused> refusal) {
    return change(draft -> draft.refusal = refusal);
  }

  private synchronized FakeProgram change(Consumer<Draft> change) {
    change.accept(drafts.getLast());
    return this;
  }

  FakeProgram act(Act act) {
    return change(draft -> draft.acts.add(act));
  }

  /**
   * Writes to stdout. It waits while the pipe is full, as a real program does.
   *
   * @param text is sent as UTF-8
   * @return this
   */
  public FakeProgram stdout(String text) {
    return stdout(text.getBytes(UTF_8));
  }

  /**
   * Writes to stdout. It waits while the pipe is full, as a real program does.
   *
   * @param bytes are copied
   * @return this
   */
  public FakeProgram stdout(byte[] bytes) {
    return act(new Act.Write(StreamKind.STDOUT, bytes.clone()));
  }

  /**
   * Writes to stderr. It waits while the pipe is full, as a real program does.
   *
   * @param text is sent as UTF-8
   * @return this
   */
  public FakeProgram stderr(String text) {
    return stderr(text.getBytes(UTF_8));
  }

  /**
   * Writes to stderr. It waits while the pipe is full, as a real program does.
   *
   * @param bytes are copied
   * @return this
   */
  public FakeProgram stderr(byte[] bytes) {
    return act(new Act.Write(StreamKind.STDERR, bytes.clone()));
  }

  /**
   * Does nothing for a time, in real time.
   *
   * @param time counted from the end of the last act; at most a year
   * @return this
   * @throws IllegalArgumentException if it is negative or too long
   */
  public FakeProgram after(Duration time) {
    if (time.isNegative() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(time + " is not between 0 and a year");
    }
    return act(new Act.Pause(time));
  }

  /**
   * Closes stdout, long before the program ends.
   *
   * @return this
   */
  public FakeProgram closesStdout() {
    return act(new Act.Close(StreamKind.STDOUT));
  }

  /**
   * Closes stderr, long before the program ends.
   *
   * @return this
   */
  public FakeProgram closesStderr() {
    return act(new Act.Close(StreamKind.STDERR));
  }

  /**
   * Closes stdin: what is sent from now on has no reader.
   *
   * @return this
   */
  public FakeProgram closesStdin() {
    return act(new Act.Close(StreamKind.STDIN));
  }

  /**
   * Reads stdin to its end before it goes on.
   *
   * @return this
   */
  public FakeProgram readsInput() {
    return act(new Act.ReadAll());
  }

  /**
   * Reads a line of stdin before it goes on. The end of stdin ends the wait, too.
   *
   * @return this
   */
  public FakeProgram readsLine() {
    return act(new Act.ReadLine());
  }

  /**
   * Answers each line of stdin with a line on stdout, until stdin ends.
   *
   * @param answer gets and returns a line without its end, as UTF-8. It is called on a thread that
   *     waits for the child, and must not use the child itself. That thread's call throws what the
   *     answer throws
   * @return this
   */
  public FakeProgram answers(UnaryOperator<String> answer) {
    return act(new Act.Answer(answer));
  }

  /**
   * Reads nothing except for what an act reads, so the pipe to it is full after 64 KiB.
   *
   * @return this
   */
  public FakeProgram ignoresInput() {
    return change(draft -> draft.takesInput = false);
  }

  /**
   * Ignores signals. {@link Signal#SIGKILL} cannot be ignored, and on Windows {@link
   * Signal#SIGTERM} cannot either.
   *
   * @param signals which
   * @return this
   */
  public FakeProgram ignores(Signal... signals) {
    return change(
        draft -> Arrays.stream(signals).forEach(s -> draft.reactions.put(s.number(), List.of())));
  }

  /**
   * Catches a signal: it does something else, and goes on where it was unless that has ended it.
   *
   * @param signal one that can be caught
   * @param reaction writes what the program does; if it writes nothing, the signal is ignored. It
   *     may catch and ignore signals, which applies from then on
   * @return this
   * @throws IllegalArgumentException if the reaction has what only a whole script can have, such as
   *     {@link #then} or {@link #ignoresInput}
   */
  public FakeProgram onSignal(Signal signal, Consumer<FakeProgram> reaction) {
    FakeProgram written = new FakeProgram();
    reaction.accept(written);
    List<Act> acts = written.reaction();
    return change(draft -> draft.reactions.put(signal.number(), acts));
  }

  private synchronized List<Act> reaction() {
    Draft draft = drafts.getFirst();
    if (drafts.size() > 1
        || !draft.takesInput
        || draft.leavesOutputOpen
        || draft.passesThrough
        || draft.usage != null
        || draft.refusal != null) {
      throw new IllegalArgumentException(
          "a reaction to a signal has acts only: call then, ignoresInput, leavesOutputOpen, uses,"
              + " failsToStart and passesThrough on the program");
    }
    List<Act> acts = new ArrayList<>();
    draft.reactions.forEach((number, then) -> acts.add(new Act.Catch(number, then)));
    acts.addAll(draft.acts);
    return acts;
  }

  /**
   * Exits.
   *
   * @param code 0 to 255; on Windows any number
   * @return this
   * @throws IllegalArgumentException if no program of this system can exit with it
   */
  public FakeProgram exit(int code) {
    if (!Platforms.isWindows() && (code < 0 || code > 255)) {
      throw new IllegalArgumentException(
          "exit code " + code + " is not between 0 and 255: for a signal, call diesOf");
    }
    return act(new Act.End(new Termination.Exited(code)));
  }

  /**
   * Dies of a signal, as after a crash.
   *
   * @param signal for example {@link Signal#SIGSEGV}
   * @return this
   */
  public FakeProgram diesOf(Signal signal) {
    return act(new Act.End(new Termination.Killed(signal.number(), false)));
  }

  /**
   * Does nothing until a signal ends it.
   *
   * @return this
   */
  public FakeProgram hangs() {
    return act(new Act.Hang());
  }

  /**
   * Leaves its outputs open when it ends, as a program does that has started another one in the
   * background. {@code killTree} closes them.
   *
   * @return this
   */
  public FakeProgram leavesOutputOpen() {
    return change(draft -> draft.leavesOutputOpen = true);
  }

  /**
   * Reports what it has used, once it has ended. Without this call that is unknown.
   *
   * @param userTime the processor time in the program
   * @param systemTime the processor time in the kernel
   * @param peakMemory bytes
   * @return this
   */
  public FakeProgram uses(Duration userTime, Duration systemTime, long peakMemory) {
    Usage usage = new Used(userTime.toNanos(), systemTime.toNanos(), peakMemory);
    return change(draft -> draft.usage = usage);
  }

  private record Used(long userNanos, long systemNanos, long peakBytes) implements Usage {}

  /**
   * Cannot be started.
   *
   * @param failure why
   * @return this
   */
  public FakeProgram failsToStart(StartFailure failure) {
    return change(draft -> draft.refusal = failure.refusal());
  }

  /**
   * Ends the script, and begins that of the next start. The last script is played again and again.
   *
   * @return this
   */
  public synchronized FakeProgram then() {
    drafts.add(new Draft());
    return this;
  }

  /**
   * Starts the real program, in place of this script.
   *
   * @return this
   */
  public FakeProgram passesThrough() {
    return change(draft -> draft.passesThrough = true);
  }
}

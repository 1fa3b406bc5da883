package io.github.jpopen.conformance;

import io.github.jpopen.conformance.Question.Check;

/**
 * A rule of {@code communicate}. With JUnit, {@code @EnumSource} makes a test of each:
 *
 * {@snippet class="ForJUnitTest" region="rules"}
 *
 * <p>Rules look at the children, threads and descriptors of this whole JVM. So they are checked one
 * at a time, even when tests run in parallel, and no other test may start children meanwhile.
 * Afterwards, what a rule has left running is killed.
 *
 * <p>Rules may be added; none will be renamed or removed.
 *
 * @since 0.1
 */
public enum Rule {
  /** The child fills stderr before it writes to stdout. */
  STDERR_FIRST(Topic.DEADLOCKS, "stderr is full before stdout begins", Deadlocks::stderrFirst),
  /** The child writes all it reads, and both are more than a pipe holds. */
  INPUT_AND_OUTPUT(
      Topic.DEADLOCKS, "input and output are larger than a pipe", Deadlocks::inputAndOutput),
  /** A million lines, to stdin and from both outputs at once. */
  MILLION_LINES(
      Topic.DEADLOCKS, "a million lines in, and out of both outputs", Deadlocks::millionLines),
  /** The child reads stdin to its end, and there is no input. */
  NO_INPUT(Topic.DEADLOCKS, "a child without input sees its end at once", Deadlocks::noInput),

  /** The two outputs are neither mixed nor changed. */
  OUTPUTS_APART(
      Topic.OUTCOME, "outputs arrive byte for byte, each apart", Outcomes::outputsAreApart),
  /** Blanks, quotes, empty strings, line ends. */
  ARGUMENTS(Topic.OUTCOME, "arguments arrive as they are", Outcomes::argumentsArrive),
  /** Letters that ASCII does not have. */
  ARGUMENTS_OUTSIDE_ASCII(
      Topic.OUTCOME, "so do arguments outside ASCII", Outcomes::argumentsOutsideAscii),
  /** The system ends an argument at NUL. */
  NUL_IN_ARGUMENT(
      Topic.OUTCOME, "an argument with NUL is refused, not cut", Outcomes::nulIsRefused),
  /** A variable is added to those of this JVM. */
  ENVIRONMENT(
      Topic.OUTCOME,
      "a variable that is set arrives, the others are inherited",
      Outcomes::environmentArrives),
  /** The child runs where it should. */
  DIRECTORY(
      Topic.OUTCOME, "the child runs in the directory that was given", Outcomes::directoryIsUsed),
  /** EPIPE is not a failure. */
  INPUT_NOT_READ(
      Topic.OUTCOME, "a child may end without reading its input", Outcomes::inputIsNotRead),
  /** The end of the outputs is not the end of the child. */
  OUTPUTS_END_FIRST(
      Topic.OUTCOME,
      "the exit is waited for after the outputs have ended",
      Outcomes::outputsEndFirst),
  /** The outputs end when no process can write to them any longer. */
  BACKGROUND_OUTPUT(
      Topic.OUTCOME,
      "the output of a background process is waited for",
      Outcomes::backgroundIsWaitedFor),
  /** An exit code other than 0 does not cost the outputs. */
  OUTPUT_OF_FAILURE(
      Topic.OUTCOME, "the output of a failed child is kept", Outcomes::failureKeepsOutput),
  /** Every exit code is itself, 127 and 255 as well. */
  EXIT_CODES(Topic.OUTCOME, "exit codes from 0 to 255 arrive as they are", Outcomes::exitCodes),
  /** A kill is not the exit code that a shell would make of it. */
  SIGNAL_OR_CODE(Topic.OUTCOME, "SIGKILL differs from exit code 137", Outcomes::signalDiffers),
  /** The number of the signal is in the code. */
  SIGNAL_NUMBER(Topic.OUTCOME, "an end by signal N is −N or 128 + N", Outcomes::signalHasItsNumber),
  /** A character is whole although two reads brought it. */
  TEXT(Topic.OUTCOME, "a character cut by a read is decoded as one", Outcomes::textIsWhole),

  /** The limit passes while nothing happens. */
  TIMEOUT_SILENT(Topic.TIMEOUTS, "on time while the child is silent", Timeouts::silent),
  /** The limit passes while output comes all the time. */
  TIMEOUT_WRITING(Topic.TIMEOUTS, "on time while it never stops writing", Timeouts::writing),
  /** The limit passes while stdin is full. */
  TIMEOUT_INPUT(Topic.TIMEOUTS, "on time while it reads no input", Timeouts::fullStdin),
  /** The limit passes while another process holds the outputs. */
  TIMEOUT_BACKGROUND(
      Topic.TIMEOUTS, "on time while a background process holds the outputs", Timeouts::background),
  /** The output that had come by then is not lost. */
  TIMEOUT_OUTPUT(Topic.TIMEOUTS, "the output so far is given", Timeouts::outputSoFar),
  /** Input and outputs go on where they were. */
  WAIT_AGAIN(
      Topic.TIMEOUTS, "waiting again loses no byte of either direction", Timeouts::waitAgain),
  /** The outcome stays. */
  WAIT_AFTER_END(
      Topic.TIMEOUTS, "waiting again after the end gives the same", Timeouts::waitAfterEnd),
  /** A background process need not be waited for. */
  DRAIN(Topic.TIMEOUTS, "the end of the child can be enough (drain)", Timeouts::drain),

  /** A call hears the interrupt of its thread. */
  INTERRUPT(
      Topic.INTERRUPTS, "an interrupt ends a call at once, by an exception", Interrupts::isHeard),
  /** The child and its bytes survive the interrupt of a wait. */
  INTERRUPTED_WAIT(
      Topic.INTERRUPTS, "waiting again after an interrupt loses no byte", Interrupts::waitAgain),

  /** The exception has the name of what is missing. */
  MISSING_PROGRAM(Topic.STARTS, "a missing program is named", Starts::missingProgram),
  /** The exception has the name of what is missing. */
  MISSING_DIRECTORY(Topic.STARTS, "a missing working directory is named", Starts::missingDirectory),

  /** The child has ended when the call was interrupted. */
  CHILD_AFTER_INTERRUPT(
      Topic.LEFTOVERS, "no child after an interrupt", Leftovers::childAfterInterrupt),
  /** The child has ended when its time was over. */
  CHILD_AFTER_TIMEOUT(Topic.LEFTOVERS, "no child after a timeout", Leftovers::childAfterTimeout),
  /** Pipes are closed. */
  DESCRIPTORS(Topic.LEFTOVERS, "no descriptor", Leftovers::descriptors),
  /** Exits are collected. */
  ZOMBIES(Topic.LEFTOVERS, "no zombie", Leftovers::zombies),
  /** Threads end with their child. */
  THREADS(Topic.LEFTOVERS, "no thread", Leftovers::threads),
  /** Children that run do not cost a thread each. */
  FEWER_THREADS(Topic.LEFTOVERS, "fewer threads than children", Leftovers::fewerThreads),
  /** What this JVM has open stays here. */
  DESCRIPTORS_OF_CHILD(
      Topic.LEFTOVERS, "a child gets no descriptor above 2", Leftovers::descriptorsOfChild);

  private final Topic topic;
  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // each is a method without state
  private final Check check;

  Rule(Topic topic, String sentence, Check check) {
    this.topic = topic;
    this.sentence = sentence;
    this.check = check;
  }

  /**
   * What this is about: a heading above several rules.
   *
   * @return such as "Timeouts"
   */
  public String topic() {
    return topic.heading;
  }

  /**
   * What the user of a library may rely on.
   *
   * @return such as "on time while the child is silent"
   */
  public String sentence() {
    return sentence;
  }

  /**
   * Checks whether a library keeps this rule.
   *
   * <p>A call that never returns, or throws what the rule does not want, breaks the rule.
   *
   * @param library is asked once
   * @return what came out
   * @throws InterruptedException if this thread is interrupted
   */
  public Verdict ask(ProcessLibrary library) throws InterruptedException {
    return Asking.here().ask(check, library);
  }

  /**
   * Fails if a library breaks this rule.
   *
   * @param library is asked once
   * @return what came out, for a framework that can skip a test: {@link Verdict.Kept}, {@link
   *     Verdict.NotOffered} or {@link Verdict.NotAsked}
   * @throws AssertionError if the rule is broken; the message says how
   * @throws InterruptedException if this thread is interrupted
   */
  public Verdict require(ProcessLibrary library) throws InterruptedException {
    Verdict verdict = ask(library);
    if (verdict instanceof Verdict.Broken broken) {
      throw new AssertionError(library.name() + " breaks \"" + sentence + "\": " + broken.how());
    }
    return verdict;
  }

  Check check() {
    return check;
  }

  private enum Topic {
    DEADLOCKS("It never deadlocks"),
    OUTCOME("The outcome is true"),
    TIMEOUTS("Timeouts"),
    INTERRUPTS("Interrupts"),
    STARTS("Failures to start"),
    LEFTOVERS("Nothing is left behind");

    private final String heading;

    Topic(String heading) {
      this.heading = heading;
    }
  }
}

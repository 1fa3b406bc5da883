package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.MUCH;
import static io.github.jpopen.conformance.Question.ownChildren;
import static io.github.jpopen.conformance.Question.random;
import static io.github.jpopen.conformance.Question.require;
import static io.github.jpopen.conformance.Question.sleeper;

import io.github.jpopen.conformance.children.Script;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the rules about interrupts are asked. */
final class Interrupts {
  private Interrupts() {}

  static void isHeard(Question question) throws Exception {
    require(interrupted(question).isEmpty(), "the call returns an exit code or a timeout");
  }

  /** Empty if the interrupted call throws. */
  static Optional<Outcome> interrupted(Question question) throws Exception {
    Set<Long> before = ownChildren();
    Call call = question.call(sleeper());
    FutureTask<Outcome> task =
        new FutureTask<>(() -> question.library().run(call, Duration.ofMinutes(1)));
    return interrupted(
        question, task, () -> task.isDone() || !before.containsAll(ownChildren()), "no child");
  }

  static void waitAgain(Question question) throws Exception {
    byte[] input = random(MUCH);
    Call call = question.call(new Script().sleep(400).cat().sleep(200)).withInput(input);
    RunningCall child = question.library().start(call);
    try {
      Duration enough = question.pace().enough();
      FutureTask<Outcome> task = new FutureTask<>(() -> child.await(enough));
      long later = System.nanoTime() + 50_000_000;
      Optional<Outcome> outcome =
          interrupted(question, task, () -> System.nanoTime() > later, "never");
      require(outcome.isEmpty(), "the wait returns an exit code or a timeout");
      Timeouts.requireAll(input, child.await(enough));
    } finally {
      child.end();
    }
  }

  /** Interrupts the task at an event. */
  private static Optional<Outcome> interrupted(
      Question question, FutureTask<Outcome> task, Callable<Boolean> event, String otherwise)
      throws Exception {
    Thread caller = new Thread(task);
    caller.setDaemon(true);
    caller.start();
    Question.until(question.pace().enough(), otherwise, event);
    boolean early = task.isDone(); // what came then does not answer an interrupt
    caller.interrupt();
    try {
      return Optional.of(
          task.get(question.pace().late().multipliedBy(5).toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotOfferedException notOffered) {
        throw notOffered;
      }
      if (early) {
        throw e;
      }
      return Optional.empty();
    } catch (TimeoutException e) {
      throw new BrokenRule("not heard");
    }
  }
}

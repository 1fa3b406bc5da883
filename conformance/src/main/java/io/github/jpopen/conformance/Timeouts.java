package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.MUCH;
import static io.github.jpopen.conformance.Question.ended;
import static io.github.jpopen.conformance.Question.random;
import static io.github.jpopen.conformance.Question.require;
import static io.github.jpopen.conformance.Question.requireBytes;
import static io.github.jpopen.conformance.Question.requireCode;
import static io.github.jpopen.conformance.Question.requireText;
import static io.github.jpopen.conformance.Question.sleeper;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.Outcome.TimedOut;
import io.github.jpopen.conformance.children.Pace;
import io.github.jpopen.conformance.children.Script;
import java.time.Duration;

/** How the rules about limits of time are asked. */
final class Timeouts {
  private static final long BACKGROUND_MILLIS = 8_000;

  private Timeouts() {}

  static void silent(Question question) throws Exception {
    onTime(question, question.call(sleeper()));
  }

  static void writing(Question question) throws Exception {
    onTime(question, question.call(new Script().printForEver()));
  }

  static void fullStdin(Question question) throws Exception {
    onTime(question, question.call(sleeper()).withInput(random(MUCH)));
  }

  static void background(Question question) throws Exception {
    onTime(question, question.call(new Script().background(BACKGROUND_MILLIS, "").sleep(60_000)));
  }

  /** The library's own limit ends the call, and not much later. */
  static TimedOut onTime(Question question, Call call) throws Exception {
    Pace pace = question.pace();
    long start = System.nanoTime();
    Outcome outcome = question.library().run(call, pace.shortly());
    Duration late = Duration.ofNanos(System.nanoTime() - start).minus(pace.shortly());
    require(late.compareTo(pace.late()) < 0, "late by " + late.toSeconds() + " s");
    if (outcome instanceof TimedOut timedOut) {
      return timedOut;
    }
    throw new BrokenRule("no timeout, but exit code " + ended(outcome).code());
  }

  static void outputSoFar(Question question) throws Exception {
    byte[] stdout =
        onTime(question, question.call(new Script().print("begin").sleep(60_000))).stdout();
    if (stdout == null) {
      throw new NotOfferedException();
    }
    requireText("begin", stdout);
  }

  static void waitAgain(Question question) throws Exception {
    byte[] input = random(MUCH);
    Call call = question.call(new Script().sleep(400).cat().sleep(200)).withInput(input);
    RunningCall child = question.library().start(call);
    try {
      for (int i = 0; i < 2; i++) {
        require(child.await(Duration.ofMillis(50)) instanceof TimedOut, "no timeout");
      }
      requireAll(input, child.await(question.pace().enough()));
    } finally {
      child.end();
    }
  }

  static void requireAll(byte[] input, Outcome outcome) throws BrokenRule {
    Ended ended = ended(outcome);
    requireBytes(input, ended.stdout(), "stdout");
    requireCode(0, ended);
  }

  static void waitAfterEnd(Question question) throws Exception {
    Call call = question.call(new Script().print("out").printError("err").exit(6));
    RunningCall child = question.library().start(call);
    try {
      for (int i = 0; i < 2; i++) {
        Ended ended = ended(child.await(question.pace().enough()));
        requireText("out", ended.stdout());
        requireText("err", ended.stderr());
        requireCode(6, ended);
      }
    } finally {
      child.end();
    }
  }

  static void drain(Question question) throws Exception {
    Call call =
        question.call(new Script().background(BACKGROUND_MILLIS, "").print("started").exit(4));
    long start = System.nanoTime();
    Outcome outcome = question.library().runWithoutWaitingForOthers(call, question.pace().enough());
    long millis = (System.nanoTime() - start) / 1_000_000;
    requireCode(4, ended(outcome));
    requireText("started", ended(outcome).stdout());
    require(millis < BACKGROUND_MILLIS / 2, "after " + millis + " ms");
  }
}

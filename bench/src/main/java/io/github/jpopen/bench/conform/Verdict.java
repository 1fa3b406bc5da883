package io.github.jpopen.bench.conform;

import io.github.jpopen.bench.conform.Rule.Broken;
import io.github.jpopen.bench.conform.Rule.NotOffered;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What came out when a library was asked for a rule. */
sealed interface Verdict {
  /** It keeps the rule. */
  record Kept() implements Verdict {}

  /**
   * It does not.
   *
   * @param how what was seen
   */
  record BrokenRule(String how) implements Verdict {}

  /** It has no call for it. */
  record None() implements Verdict {}

  /** Longer than any check takes by itself. */
  int LIMIT_SECONDS = 40;

  /** Asks until a rule is seen broken: one that is kept by chance is not kept. */
  static Verdict of(Rule rule, Library library, int times) throws InterruptedException {
    Verdict verdict = new None();
    for (int i = 0; i < times; i++) {
      verdict = of(rule, library);
      if (verdict instanceof BrokenRule) {
        return verdict;
      }
    }
    return verdict;
  }

  /** Asks, and takes a call that never returns for a broken rule. */
  static Verdict of(Rule rule, Library library) throws InterruptedException {
    FutureTask<Verdict> task = new FutureTask<>(() -> ask(rule, library));
    Thread.ofPlatform().daemon().start(task);
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return new BrokenRule("hangs");
    } catch (ExecutionException e) {
      return new BrokenRule(String.valueOf(e.getCause()));
    } finally {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static Verdict ask(Rule rule, Library library) throws Exception {
    try {
      rule.check().ask(library);
      return new Kept();
    } catch (Broken e) {
      return new BrokenRule(String.valueOf(e.getMessage()));
    } catch (NotOffered e) {
      return new None();
    }
  }
}

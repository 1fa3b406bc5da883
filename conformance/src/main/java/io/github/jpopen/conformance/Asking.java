package io.github.jpopen.conformance;

import io.github.jpopen.conformance.Question.Check;
import io.github.jpopen.conformance.children.Children;
import io.github.jpopen.conformance.children.NotPossible;
import io.github.jpopen.conformance.children.Pace;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks a library for the check of a rule, and takes a call that never returns for a broken rule.
 *
 * @param children what the children are
 * @param pace how long to wait
 * @param proc where Linux shows the processes
 */
record Asking(Children children, Pace pace, Path proc) {
  private static final Path PROC = Path.of("/proc");

  /** Rules look at the children, threads and descriptors of the whole JVM. */
  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  static Asking here() {
    Children children = Children.here();
    return new Asking(children, Pace.here(children), PROC);
  }

  /** Asks until the rule is seen broken: what is kept by chance is not kept. */
  Verdict ask(Check rule, ProcessLibrary library, int times) throws InterruptedException {
    Verdict verdict = ask(rule, library);
    for (int i = 1; i < times && verdict instanceof Verdict.Kept; i++) {
      verdict = ask(rule, library);
    }
    return verdict;
  }

  Verdict ask(Check rule, ProcessLibrary library) throws InterruptedException {
    ONE_AT_A_TIME.lockInterruptibly();
    Set<ProcessHandle> before = descendants();
    try {
      return answer(rule, new Question(library, children, pace, proc));
    } finally {
      Set<ProcessHandle> left = descendants();
      left.removeAll(before);
      left.forEach(ProcessHandle::destroyForcibly);
      ONE_AT_A_TIME.unlock();
    }
  }

  private static Set<ProcessHandle> descendants() {
    Set<ProcessHandle> handles = new HashSet<>();
    ProcessHandle.current().descendants().forEach(handles::add);
    return handles;
  }

  private Verdict answer(Check rule, Question question) throws InterruptedException {
    FutureTask<Verdict> task = new FutureTask<>(() -> verdict(rule, question));
    Thread asking = new Thread(task, "conformance");
    asking.setDaemon(true);
    asking.start();
    try {
      return task.get(pace.hang().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Verdict.Broken("hangs");
    } catch (ExecutionException e) {
      return new Verdict.Broken(String.valueOf(e.getCause()));
    } finally {
      task.cancel(true); // a call that hangs may hear it
    }
  }

  private static Verdict verdict(Check rule, Question question) throws Exception {
    try {
      rule.ask(question);
      return new Verdict.Kept();
    } catch (BrokenRule e) {
      return new Verdict.Broken(String.valueOf(e.getMessage()));
    } catch (NotOfferedException e) {
      return new Verdict.NotOffered();
    } catch (NotPossible e) {
      return new Verdict.NotAsked(String.valueOf(e.getMessage()));
    }
  }
}

package io.github.jpopen.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.conformance.children.Children;
import io.github.jpopen.conformance.children.NotPossible;
import io.github.jpopen.conformance.children.Pace;
import io.github.jpopen.conformance.children.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * What a check needs: the library, and how it may be asked here.
 *
 * @param library the one that is asked
 * @param children what the children are
 * @param pace how long to wait
 * @param proc where Linux shows the processes
 */
record Question(ProcessLibrary library, Children children, Pace pace, Path proc) {
  /** Far more than a pipe holds. */
  static final int MUCH = 4 << 20;

  /** Throws {@link BrokenRule} if the library does not keep the rule. */
  interface Check {
    void ask(Question question) throws Exception;
  }

  Call call(Script script) throws NotPossible {
    return Call.of(script.command(children));
  }

  /** Runs a script without input to its end. */
  Outcome.Ended run(Script script) throws Exception {
    return run(call(script));
  }

  Outcome.Ended run(Call call) throws Exception {
    return ended(library.run(call, pace.enough()));
  }

  static Outcome.Ended ended(Outcome outcome) throws BrokenRule {
    if (outcome instanceof Outcome.Ended ended) {
      return ended;
    }
    throw new BrokenRule("timed out");
  }

  static void require(boolean condition, String otherwise) throws BrokenRule {
    if (!condition) {
      throw new BrokenRule(otherwise);
    }
  }

  static void requireCode(int expected, Outcome.Ended ended) throws BrokenRule {
    require(ended.code() == expected, "exit code " + ended.code() + " instead of " + expected);
  }

  static void requireText(String expected, byte[] bytes) throws BrokenRule {
    String text = new String(bytes, UTF_8);
    require(text.equals(expected), "output: " + text.strip());
  }

  static void requireBytes(byte[] expected, byte[] bytes, String stream) throws BrokenRule {
    if (!Arrays.equals(expected, bytes)) {
      int at = Math.max(Arrays.mismatch(expected, bytes), 0);
      throw new BrokenRule(
          stream
              + " has "
              + bytes.length
              + " bytes of "
              + expected.length
              + ", and differs at "
              + at);
    }
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** The children of this JVM. */
  static Set<Long> ownChildren() {
    return Set.copyOf(ProcessHandle.current().children().map(ProcessHandle::pid).toList());
  }

  /** Waits for something that happens by itself. */
  void settled(String otherwise, Callable<Boolean> event) throws Exception {
    until(pace.settle(), otherwise, event);
  }

  static void until(Duration limit, String otherwise, Callable<Boolean> event) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!event.call()) {
      require(System.nanoTime() < end, otherwise);
      Thread.sleep(5);
    }
  }

  static Script sleeper() {
    return new Script().sleep(60_000);
  }

  /** What some libraries get wrong about arguments. */
  List<String> difficultArguments() {
    List<String> all =
        List.of("", "a b", "\"q\"", "'s'", "*", "$HOME", "\\", "${x}", "two\nlines", "\\\"", "-n");
    // A JVM on Windows replaces an asterisk by the files that there are.
    return children == Children.SHELLS
        ? all
        : all.stream().filter(one -> !one.equals("*")).toList();
  }
}

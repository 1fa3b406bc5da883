package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.MUCH;
import static io.github.jpopen.conformance.Question.random;
import static io.github.jpopen.conformance.Question.require;
import static io.github.jpopen.conformance.Question.requireBytes;
import static io.github.jpopen.conformance.Question.requireText;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.children.Script;

/** How the rules about deadlocks are asked. */
final class Deadlocks {
  private static final int LINES = 1_000_000;

  private Deadlocks() {}

  static void stderrFirst(Question question) throws Exception {
    Ended ended = question.run(new Script().fillError(MUCH).print("out"));
    require(ended.stderr().length == MUCH, "stderr has " + ended.stderr().length + " bytes");
    requireText("out", ended.stdout());
  }

  static void inputAndOutput(Question question) throws Exception {
    byte[] bytes = random(MUCH);
    Ended ended = question.run(question.call(new Script().cat()).withInput(bytes));
    requireBytes(bytes, ended.stdout(), "stdout");
  }

  static void millionLines(Question question) throws Exception {
    StringBuilder lines = new StringBuilder(7 * LINES);
    for (int i = 0; i < LINES; i++) {
      lines.append(i).append('\n');
    }
    byte[] bytes = lines.toString().getBytes(US_ASCII);
    Ended ended = question.run(question.call(new Script().tee()).withInput(bytes));
    requireBytes(bytes, ended.stdout(), "stdout");
    requireBytes(bytes, ended.stderr(), "stderr");
  }

  static void noInput(Question question) throws Exception {
    requireText("ended", question.run(new Script().cat().print("ended")).stdout());
  }
}

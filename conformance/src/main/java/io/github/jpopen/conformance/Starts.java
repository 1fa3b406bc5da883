package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.require;

import io.github.jpopen.conformance.children.Script;
import java.nio.file.Path;
import java.util.List;

/** How the rules about failures to start are asked. */
final class Starts {
  private Starts() {}

  static void missingProgram(Question question) throws Exception {
    isNamed(question, Call.of(List.of("no-such-program")), "no-such-program");
  }

  static void missingDirectory(Question question) throws Exception {
    Path folder = Path.of("no-such-folder").toAbsolutePath();
    isNamed(question, question.call(new Script().exit(0)).in(folder), "no-such-folder");
  }

  private static void isNamed(Question question, Call call, String name) throws Exception {
    Outcome outcome;
    try {
      outcome = question.library().run(call, question.pace().enough());
    } catch (NotOfferedException e) {
      throw e;
    } catch (Exception e) {
      require(String.valueOf(e.getMessage()).contains(name), "message: " + e.getMessage());
      return;
    }
    throw new BrokenRule("no exception, but " + outcome.getClass().getSimpleName());
  }
}

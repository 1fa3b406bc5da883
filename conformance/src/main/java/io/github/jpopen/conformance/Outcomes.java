package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.MUCH;
import static io.github.jpopen.conformance.Question.random;
import static io.github.jpopen.conformance.Question.require;
import static io.github.jpopen.conformance.Question.requireBytes;
import static io.github.jpopen.conformance.Question.requireCode;
import static io.github.jpopen.conformance.Question.requireText;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.children.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How the rules about what a call returns are asked. */
final class Outcomes {
  /** The variable that is set for a child. */
  static final String VARIABLE = "JPOPEN_CONFORMANCE";

  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  private Outcomes() {}

  static void outputsAreApart(Question question) throws Exception {
    byte[] bytes = random(100_000);
    Ended ended = question.run(question.call(new Script().tee()).withInput(bytes));
    requireBytes(bytes, ended.stdout(), "stdout");
    requireBytes(bytes, ended.stderr(), "stderr");
  }

  static void argumentsArrive(Question question) throws Exception {
    arrive(question, question.difficultArguments());
  }

  static void argumentsOutsideAscii(Question question) throws Exception {
    arrive(question, List.of("ä€", "\ud83d\ude00"));
  }

  private static void arrive(Question question, List<String> arguments) throws Exception {
    Ended ended = question.run(new Script().printArguments(arguments));
    requireText("<" + String.join("><", arguments) + ">", ended.stdout());
  }

  static void nulIsRefused(Question question) throws Exception {
    try {
      Ended ended = question.run(new Script().printArguments(List.of("one\0two")));
      throw new BrokenRule("ran, output: " + new String(ended.stdout(), UTF_8).strip());
    } catch (IOException | IllegalArgumentException e) {
      // Refused.
    }
  }

  static void environmentArrives(Question question) throws Exception {
    String value = "a b=\"c\" $HOME";
    Map<String, String> set = Map.of(VARIABLE, value);
    Call one = question.call(new Script().printVariable(VARIABLE)).with(set);
    requireText(value, question.run(one).stdout());
    for (String inherited : inherited()) {
      Call other = question.call(new Script().printVariable(inherited)).with(set);
      String came = new String(question.run(other).stdout(), UTF_8);
      require(came.equals(System.getenv(inherited)), inherited + " has changed");
    }
  }

  /** A variable that a shell does not set itself: without PATH, it has one of its own. */
  private static List<String> inherited() {
    return System.getenv().entrySet().stream()
        .filter(entry -> entry.getKey().matches("[A-Z][A-Z0-9_]*") && !ofShell(entry.getKey()))
        .filter(entry -> entry.getValue().matches("[!-~]+"))
        .map(Map.Entry::getKey)
        .sorted()
        .limit(1)
        .toList();
  }

  private static boolean ofShell(String variable) {
    return variable.matches("PATH|PWD|OLDPWD|SHLVL|IFS|PPID|OPTIND|PS[0-9]");
  }

  static void directoryIsUsed(Question question) throws Exception {
    Path folder = Files.createTempDirectory("conformance").toRealPath();
    try {
      Ended ended = question.run(question.call(new Script().printDirectory()).in(folder));
      requireText(folder.toString(), new String(ended.stdout(), UTF_8).strip().getBytes(UTF_8));
    } finally {
      Files.delete(folder);
    }
  }

  static void inputIsNotRead(Question question) throws Exception {
    byte[] input = random(MUCH);
    Call closes = question.call(new Script().closeInput().print("closed")).withInput(input);
    Call exits = question.call(new Script().exit(5)).withInput(input);
    for (int i = 0; i < 5; i++) {
      Ended ended = question.run(closes);
      requireText("closed", ended.stdout());
      requireCode(0, ended);
      requireCode(5, question.run(exits));
    }
  }

  static void outputsEndFirst(Question question) throws Exception {
    Ended ended = question.run(new Script().print("early").closeOutputs().sleep(300).exit(7));
    requireCode(7, ended);
    requireText("early", ended.stdout());
  }

  /** Often, because the loss depends on whether a thread read before the child had ended. */
  static void backgroundIsWaitedFor(Question question) throws Exception {
    Call call = question.call(new Script().print("early").background(30, ", late").exit(8));
    for (int i = 0; i < question.pace().many() / 2; i++) {
      Ended ended = question.run(call);
      requireText("early, late", ended.stdout());
      requireCode(8, ended);
    }
  }

  static void failureKeepsOutput(Question question) throws Exception {
    Ended ended = question.run(new Script().print("half").printError("why").exit(3));
    requireCode(3, ended);
    requireText("half", ended.stdout());
    requireText("why", ended.stderr());
  }

  static void exitCodes(Question question) throws Exception {
    for (int code : new int[] {0, 1, 2, 126, 127, 128, 255}) {
      requireCode(code, question.run(new Script().exit(code)));
    }
  }

  static void signalDiffers(Question question) throws Exception {
    int killed = question.run(new Script().signal(SIGKILL)).code();
    int exited = question.run(new Script().exit(128 + SIGKILL)).code();
    require(exited == 128 + SIGKILL, "exit 137 gives " + exited);
    require(killed != exited, "both are " + killed);
  }

  static void signalHasItsNumber(Question question) throws Exception {
    for (int signal : new int[] {SIGKILL, SIGTERM}) {
      int code = question.run(new Script().signal(signal)).code();
      require(code == -signal || code == 128 + signal, "signal " + signal + " gives " + code);
    }
  }

  /** Three bytes each, so every read that takes a power of two cuts one. */
  static void textIsWhole(Question question) throws Exception {
    String text = "€".repeat(100_000);
    Call call = question.call(new Script().cat()).withInput(text.getBytes(UTF_8));
    String decoded = question.library().runText(call, UTF_8, question.pace().enough());
    int wrong = Math.max(text.length() - (int) decoded.chars().filter(c -> c == '€').count(), 0);
    require(decoded.equals(text), wrong + " characters of " + text.length() + " are others");
  }
}

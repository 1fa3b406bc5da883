package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.Question.ownChildren;
import static io.github.jpopen.conformance.Question.random;
import static io.github.jpopen.conformance.Question.require;
import static io.github.jpopen.conformance.Question.requireText;
import static io.github.jpopen.conformance.Question.sleeper;

import io.github.jpopen.conformance.children.NotPossible;
import io.github.jpopen.conformance.children.Script;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How the rules about what is left behind are asked. */
final class Leftovers {
  private Leftovers() {}

  static void childAfterInterrupt(Question question) throws Exception {
    Set<Long> before = ownChildren();
    Optional<Outcome> unused = Interrupts.interrupted(question);
    question.settled("a child still runs", () -> before.containsAll(ownChildren()));
  }

  static void childAfterTimeout(Question question) throws Exception {
    Set<Long> before = ownChildren();
    Outcome unused = Timeouts.onTime(question, question.call(sleeper()));
    question.settled("a child still runs", () -> before.containsAll(ownChildren()));
  }

  static void descriptors(Question question) throws Exception {
    question.run(new Script().exit(0)); // what is opened once
    long before = openDescriptors();
    for (int i = 0; i < question.pace().many(); i++) {
      question.run(question.call(new Script().cat()).withInput(random(1_000)));
    }
    question.settled(
        "more descriptors", () -> openDescriptors() < before + question.pace().many() / 2);
  }

  private static long openDescriptors() throws NotPossible {
    for (String folder : List.of("/proc/self/fd", "/dev/fd")) {
      File[] files = new File(folder).listFiles();
      if (files != null) {
        return files.length;
      }
    }
    throw new NotPossible("needs /proc");
  }

  static void zombies(Question question) throws Exception {
    Path proc = question.proc();
    requireProc(proc);
    Set<String> before = ownZombies(proc); // other rules may have left some
    for (int i = 0; i < question.pace().many(); i++) {
      question.run(new Script().exit(0));
    }
    question.settled("zombies", () -> before.containsAll(ownZombies(proc)));
  }

  private static void requireProc(Path proc) throws NotPossible {
    if (!Files.isDirectory(proc.resolve("self").resolve("task"))) {
      throw new NotPossible("needs /proc");
    }
  }

  private static Set<String> ownZombies(Path proc) throws IOException {
    Set<String> zombies = new HashSet<>();
    try (Stream<Path> tasks = Files.list(proc.resolve("self").resolve("task"))) {
      for (Path task : tasks.toList()) {
        for (String child : read(task.resolve("children")).split(" ", -1)) {
          if (read(proc.resolve(child).resolve("stat")).contains(") Z ")) {
            zombies.add(child);
          }
        }
      }
    }
    return zombies;
  }

  /** Empty if the task has ended since. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  static void threads(Question question) throws Exception {
    question.run(new Script().exit(0)); // what is started once
    int before = liveThreads();
    for (int i = 0; i < question.pace().many(); i++) {
      question.run(new Script().exit(0));
    }
    question.settled("more threads", () -> liveThreads() < before + question.pace().many() / 2);
  }

  static void fewerThreads(Question question) throws Exception {
    List<RunningCall> running = new ArrayList<>();
    int many = question.pace().many();
    int before = liveThreads();
    try {
      for (int i = 0; i < many; i++) {
        running.add(question.library().start(question.call(sleeper())));
      }
      int more = liveThreads() - before;
      require(more < many, more + " threads for " + many + " children");
    } finally {
      for (RunningCall child : running) {
        child.end();
      }
    }
  }

  private static int liveThreads() {
    return Thread.getAllStackTraces().size();
  }

  static void descriptorsOfChild(Question question) throws Exception {
    requireProc(question.proc());
    requireText("0\n1\n2\n", question.run(new Script().printDescriptors()).stdout());
  }
}

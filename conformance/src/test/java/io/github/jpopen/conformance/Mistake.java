package io.github.jpopen.conformance;

import static io.github.jpopen.conformance.WrongLibrary.LONG;
import static io.github.jpopen.conformance.WrongLibrary.RIGHT;
import static io.github.jpopen.conformance.WrongLibrary.arguments;
import static io.github.jpopen.conformance.WrongLibrary.awaiting;
import static io.github.jpopen.conformance.WrongLibrary.commands;
import static io.github.jpopen.conformance.WrongLibrary.ended;
import static io.github.jpopen.conformance.WrongLibrary.oneThread;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.Outcome.TimedOut;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A library that breaks a rule, and what is then seen.
 *
 * @param library which does it wrong
 * @param seen part of what the verdict must say
 */
record Mistake(ProcessLibrary library, String seen) {
  private static final String HANGS = "hangs";

  /** The usual way to break a rule. What it leaves open belongs to the test. */
  static Mistake in(Rule rule, List<Closeable> left, Path proc) {
    return switch (rule) {
      case STDERR_FIRST -> new Mistake((call, limit) -> oneThread(call, limit, b -> {}), HANGS);
      case INPUT_AND_OUTPUT -> new Mistake((call, limit) -> oneThread(call, limit, b -> {}), HANGS);
      case MILLION_LINES -> new Mistake(ended(Mistake::firstMebibyte), "stdout has 1048576 bytes");
      case NO_INPUT -> new Mistake(Mistake::leavesStdinOpen, HANGS);

      case OUTPUTS_APART -> new Mistake(Mistake::mixesOutputs, "stdout has 200000 bytes");
      case ARGUMENTS -> new Mistake(arguments(word -> word.replace("\"", "")), "output: <");
      case ARGUMENTS_OUTSIDE_ASCII -> new Mistake(arguments(Mistake::ascii), "output: <??>");
      case NUL_IN_ARGUMENT ->
          new Mistake(arguments(word -> word.replaceAll("\0.*", "")), "ran, output: <one>");
      case ENVIRONMENT ->
          new Mistake(
              (call, limit) ->
                  oneThread(
                      call,
                      limit,
                      b -> b.environment().keySet().retainAll(Set.of(Outcomes.VARIABLE))),
              " has changed");
      case DIRECTORY -> new Mistake(commands(words -> words), "output: /");
      case INPUT_NOT_READ ->
          new Mistake((call, limit) -> oneThread(call, limit, b -> {}), "java.io.IOException: ");
      case OUTPUTS_END_FIRST -> new Mistake(Mistake::doesNotWait, "exit code 0 instead of 7");
      case BACKGROUND_OUTPUT -> new Mistake(Mistake::takesWhatThereIs, "output: early");
      case OUTPUT_OF_FAILURE -> new Mistake(ended(Mistake::noOutputOfFailure), "output: ");
      case EXIT_CODES ->
          new Mistake(ended(e -> code((byte) e.code(), e)), "exit code -128 instead of 128");
      case SIGNAL_OR_CODE -> new Mistake(RIGHT, "both are 137");
      case SIGNAL_NUMBER -> new Mistake(ended(e -> code(e.code() & 127, e)), "signal 9 gives 9");
      case TEXT -> new Mistake(new DecodesEachRead(), "characters of 100000 are others");

      case TIMEOUT_SILENT, TIMEOUT_WRITING, TIMEOUT_INPUT ->
          new Mistake((call, limit) -> RIGHT.run(call, LONG), HANGS);
      case TIMEOUT_BACKGROUND -> new Mistake(Mistake::readsToTheEnd, HANGS);
      case TIMEOUT_OUTPUT -> new Mistake(Mistake::dropsOutput, "output: ");
      case WAIT_AGAIN -> new Mistake(new DropsInput(), "stdout has 4096 bytes of 4194304");
      case WAIT_AFTER_END -> new Mistake(awaiting(EmptyTheSecondTime::new), "output: ");
      case DRAIN -> new Mistake(new WaitsForOthers(), HANGS);

      case INTERRUPT ->
          new Mistake(Mistake::hidesInterrupt, "the call returns an exit code or a timeout");
      case INTERRUPTED_WAIT -> new Mistake(awaiting(KilledByInterrupt::new), "stdout has ");

      case MISSING_PROGRAM -> new Mistake(Mistake::namesNothing, "message: not started");
      case MISSING_DIRECTORY -> new Mistake(commands(words -> words), "no exception, but Ended");

      case CHILD_AFTER_INTERRUPT, CHILD_AFTER_TIMEOUT ->
          new Mistake((call, limit) -> RIGHT.start(call).await(limit), "a child still runs");
      case DESCRIPTORS -> new Mistake(opensFile(left), "more descriptors");
      case ZOMBIES -> new Mistake(makesZombie(proc), "zombies");
      case THREADS -> new Mistake(startsThread(left), "more threads");
      case FEWER_THREADS -> new Mistake(RIGHT, "threads for 8 children");
      case DESCRIPTORS_OF_CHILD ->
          new Mistake(
              commands(words -> behind("exec 9</dev/null; exec \"$@\"", words)),
              "output: 0\n1\n2\n9");
    };
  }

  private static Ended code(int code, Ended ended) {
    return new Ended(code, ended.stdout(), ended.stderr());
  }

  private static Ended firstMebibyte(Ended ended) {
    return new Ended(ended.code(), Arrays.copyOf(ended.stdout(), 1 << 20), ended.stderr());
  }

  private static Ended noOutputOfFailure(Ended ended) {
    return ended.code() == 0 ? ended : new Ended(ended.code(), new byte[0], new byte[0]);
  }

  private static String ascii(String word) {
    return new String(word.getBytes(US_ASCII), US_ASCII);
  }

  private static Outcome leavesStdinOpen(Call call, Duration limit) throws Exception {
    Process process = new ProcessBuilder(call.command()).start();
    byte[] stdout = process.getInputStream().readAllBytes();
    return new Ended(process.waitFor(), stdout, new byte[0]);
  }

  private static Outcome mixesOutputs(Call call, Duration limit) throws Exception {
    Call mixed = Call.of(behind("exec \"$@\" 2>&1", call.command()));
    return RIGHT.run(mixed.withInput(call.input()), limit);
  }

  /** The command, started by a script. */
  private static List<String> behind(String script, List<String> command) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    words.addAll(command);
    return words;
  }

  private static Outcome doesNotWait(Call call, Duration limit) throws Exception {
    Process process = new ProcessBuilder(call.command()).start();
    byte[] stdout = process.getInputStream().readAllBytes();
    return new Ended(0, stdout, new byte[0]); // has no exit code yet
  }

  private static Outcome takesWhatThereIs(Call call, Duration limit) throws Exception {
    Process process = new ProcessBuilder(call.command()).start();
    int code = process.waitFor();
    InputStream stdout = process.getInputStream();
    return new Ended(code, stdout.readNBytes(stdout.available()), new byte[0]);
  }

  /** Kills the child in time, and then reads both outputs to their end. */
  private static Outcome readsToTheEnd(Call call, Duration limit) throws Exception {
    RunningCall child = RIGHT.start(call);
    child.await(limit);
    child.end();
    return child.await(LONG);
  }

  private static Outcome dropsOutput(Call call, Duration limit) throws Exception {
    RIGHT.run(call, limit);
    return new TimedOut(new byte[0]);
  }

  private static Outcome hidesInterrupt(Call call, Duration limit) throws Exception {
    try {
      return RIGHT.run(call, limit);
    } catch (InterruptedException e) {
      return new TimedOut();
    }
  }

  private static Outcome namesNothing(Call call, Duration limit) throws Exception {
    throw new IOException("not started");
  }

  private static ProcessLibrary opensFile(List<Closeable> left) {
    return (call, limit) -> {
      left.add(new FileInputStream("/dev/null"));
      return RIGHT.run(call, limit);
    };
  }

  private static ProcessLibrary startsThread(List<Closeable> left) {
    return (call, limit) -> {
      CountDownLatch end = new CountDownLatch(1);
      left.add(end::countDown);
      Thread thread = new Thread(() -> awaitQuietly(end));
      thread.setDaemon(true);
      thread.start();
      return RIGHT.run(call, limit);
    };
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** No child of a JVM stays a zombie, so this one is a file. */
  private static ProcessLibrary makesZombie(Path proc) {
    return (call, limit) -> {
      Path task = Files.createDirectories(proc.resolve("self").resolve("task").resolve("1"));
      Files.writeString(task.resolve("children"), "42 43 ");
      Files.writeString(Files.createDirectories(proc.resolve("42")).resolve("stat"), "42 (sh) S 1");
      Files.writeString(Files.createDirectories(proc.resolve("43")).resolve("stat"), "43 (sh) Z 1");
      return RIGHT.run(call, limit);
    };
  }

  private static final class DecodesEachRead extends WrongLibrary {
    @Override
    public String runText(Call call, Charset charset, Duration limit) throws Exception {
      byte[] bytes = ((Ended) run(call, limit)).stdout();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < bytes.length; i += 4_096) {
        text.append(new String(bytes, i, Math.min(4_096, bytes.length - i), charset));
      }
      return text.toString();
    }
  }

  /** What was not sent when the limit passed is never sent. */
  private static final class DropsInput extends WrongLibrary {
    @Override
    public RunningCall start(Call call) throws Exception {
      return RIGHT.start(Call.of(call.command()).withInput(Arrays.copyOf(call.input(), 4_096)));
    }
  }

  private static final class WaitsForOthers extends WrongLibrary {
    @Override
    public Outcome runWithoutWaitingForOthers(Call call, Duration limit) throws Exception {
      return run(Call.of(behind("\"$@\" | cat", call.command())), limit);
    }
  }

  /** A wait that changes what the right one does. */
  private abstract static class WrongWait implements RunningCall {
    final RunningCall right;

    WrongWait(RunningCall right) {
      this.right = right;
    }

    @Override
    public void end() throws Exception {
      right.end();
    }
  }

  private static final class EmptyTheSecondTime extends WrongWait {
    private final ByteArrayOutputStream given = new ByteArrayOutputStream();

    EmptyTheSecondTime(RunningCall right) {
      super(right);
    }

    @Override
    public Outcome await(Duration limit) throws Exception {
      Ended ended = (Ended) right.await(limit);
      byte[] all = ended.stdout();
      byte[] rest = Arrays.copyOfRange(all, given.size(), all.length);
      given.write(rest);
      return new Ended(ended.code(), rest, ended.stderr());
    }
  }

  private static final class KilledByInterrupt extends WrongWait {
    KilledByInterrupt(RunningCall right) {
      super(right);
    }

    @Override
    public Outcome await(Duration limit) throws Exception {
      try {
        return right.await(limit);
      } catch (InterruptedException e) {
        right.end();
        throw e;
      }
    }
  }
}

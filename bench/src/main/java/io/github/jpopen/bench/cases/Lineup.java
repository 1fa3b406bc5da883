package io.github.jpopen.bench.cases;

import io.github.jpopen.bench.measure.Contest;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.worker.JvmWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The contenders of one case, each with the same child, and the processes they play in. */
public final class Lineup implements AutoCloseable {
  /** The row of the loop in C that throws away what it reads. */
  public static final String C_DISCARDING = "C loop, discarding";

  private final Workshop workshop;
  private final List<String> arguments;
  private final long stdoutBytes;
  private final long stderrBytes;
  private final Contest contest = new Contest();
  private final List<Worker> workers = new ArrayList<>();

  /**
   * Makes an empty line-up.
   *
   * @param arguments of every worker, see {@link Worker}
   * @param stdoutBytes what the child writes on stdout
   * @param stderrBytes what the child writes on stderr, if that is captured
   */
  Lineup(Workshop workshop, List<String> arguments, long stdoutBytes, long stderrBytes) {
    this.workshop = workshop;
    this.arguments = arguments;
    this.stdoutBytes = stdoutBytes;
    this.stderrBytes = stderrBytes;
  }

  /** Java libraries, all in one JVM, whose heap they share. */
  Lineup peers(List<String> jvmOptions, String... peers) throws IOException {
    return in(workshop.java(jvmOptions, JvmWorker.class), peers);
  }

  /** Java libraries, all in the JVM that this command starts. */
  Lineup in(List<String> command, String... peers) throws IOException {
    Worker worker = start(command, arguments);
    for (String peer : peers) {
      contest.with(peer, worker.as(peer, stdoutBytes, stderrBytes));
    }
    return this;
  }

  /** One Java library in a JVM of its own. */
  Lineup peer(String name, List<String> jvmOptions, String peer) throws IOException {
    return with(name, workshop.java(jvmOptions, JvmWorker.class), peer);
  }

  /** jpopen as another build has it, in a JVM of its own. */
  Lineup build(Build build, List<String> jvmOptions, String peer) throws IOException {
    Worker worker = start(Workshop.java(jvmOptions, build.classPath(), JvmWorker.class), arguments);
    contest.with(build.name(), worker.as(peer, stdoutBytes, stderrBytes));
    return this;
  }

  private Lineup with(String row, List<String> command, String peer) throws IOException {
    contest.with(row, start(command, arguments).as(peer, stdoutBytes, stderrBytes));
    return this;
  }

  /** Workers in other languages, as far as they are installed. */
  Lineup natives(String... tools) throws IOException {
    for (String tool : tools) {
      add(tool, tool, arguments, stdoutBytes, stderrBytes);
    }
    return this;
  }

  /** The loop in C that keeps nothing: what the pipes alone cost. */
  Lineup discarding() throws IOException {
    List<String> discarding = new ArrayList<>(arguments);
    discarding.set(0, "discard");
    add(C_DISCARDING, Tools.C, discarding, stdoutBytes, stderrBytes);
    return this;
  }

  private void add(String row, String tool, List<String> given, long stdout, long stderr)
      throws IOException {
    List<String> command = workshop.tools().command(tool);
    if (command.isEmpty()) {
      contest.without(row, workshop.tools().whyMissing(tool));
    } else {
      contest.with(row, start(command, given).as("", stdout, stderr));
    }
  }

  private Worker start(List<String> command, List<String> given) throws IOException {
    Worker worker = workshop.worker(command, given, Map.of());
    workers.add(worker);
    return worker;
  }

  List<Row> play(int warmUp, int rounds) throws InterruptedException {
    return contest.play(warmUp, rounds);
  }

  @Override
  public void close() throws IOException {
    for (Worker worker : workers) {
      worker.close();
    }
  }

  /** The arguments of a worker, in their order. */
  static List<String> arguments(
      String what, String input, String expected, int streams, long number, String... program) {
    List<String> arguments =
        new ArrayList<>(
            List.of(what, input, expected, Integer.toString(streams), Long.toString(number)));
    arguments.addAll(Arrays.asList(program));
    return arguments;
  }
}

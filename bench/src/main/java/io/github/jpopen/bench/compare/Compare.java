package io.github.jpopen.bench.compare;

import io.github.jpopen.Command;
import io.github.jpopen.SubprocessException;
import io.github.jpopen.bench.cases.FreshJvm;
import io.github.jpopen.bench.cases.LargeHeap;
import io.github.jpopen.bench.cases.Lateness;
import io.github.jpopen.bench.cases.Machine;
import io.github.jpopen.bench.cases.ManyAtOnce;
import io.github.jpopen.bench.cases.Pipelines;
import io.github.jpopen.bench.cases.Spawning;
import io.github.jpopen.bench.cases.Throughput;
import io.github.jpopen.bench.cases.Workshop;
import io.github.jpopen.bench.measure.Table;
import io.github.jpopen.bench.report.Markdown;
import io.github.jpopen.bench.report.Report;
import io.github.jpopen.bench.report.Summary;
import io.github.jpopen.bench.report.Targets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Plays all cases against all peers and writes {@code docs/benchmarks.md}. */
@CommandLine.Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Compares jpopen with its peers and writes a report with charts.")
public final class Compare implements Callable<Integer> {
  @Option(
      names = "--out",
      description = "The page to write; its charts go beside it (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("docs", "benchmarks.md");

  @Option(
      names = "--readme",
      description =
          "A page whose figures, between marks, are replaced if all cases are played (default:"
              + " ${DEFAULT-VALUE}).")
  private Path readme = Path.of("README.md");

  @Option(
      names = "--only",
      split = ",",
      description = "The cases to play: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Case> only = new ArrayList<>();

  @Option(
      names = "--effort",
      description = "By what the number of rounds is multiplied (default: ${DEFAULT-VALUE}).")
  private double effort = 1;

  private Compare() {}

  /** See {@code --help}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Compare()).execute(args));
  }

  /** What can be played, in the order of the report. */
  private enum Case {
    big,
    both,
    cat,
    pipeline,
    echo,
    noPipes,
    timeout50,
    timeout1,
    many,
    heap,
    memory,
    first
  }

  private static Table play(Case one, Workshop workshop) throws IOException, InterruptedException {
    return switch (one) {
      case big -> Throughput.big(workshop);
      case both -> Throughput.both(workshop);
      case cat -> Throughput.cat(workshop);
      case pipeline -> Pipelines.play(workshop);
      case echo -> Spawning.echo(workshop);
      case noPipes -> Spawning.noPipes(workshop);
      case timeout50 -> Lateness.of(workshop, 50, 2, 50);
      case timeout1 -> Lateness.of(workshop, 1, 20, 120);
      case many -> ManyAtOnce.play(workshop);
      case heap -> LargeHeap.play(workshop);
      case memory -> FreshJvm.memory(workshop);
      case first -> FreshJvm.first(workshop);
    };
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Map<String, Table> tables = new LinkedHashMap<>();
    Map<String, Double> loads = new LinkedHashMap<>();
    Map<String, String> facts = new LinkedHashMap<>();
    try (Workshop workshop = Workshop.open(effort)) {
      facts.putAll(Machine.describe());
      facts.putAll(workshop.tools().versions());
      facts.put("jpopen", commit());
      for (Case one : only.isEmpty() ? List.of(Case.values()) : only) {
        double load = Machine.load();
        System.out.printf("%4d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, one);
        Table table = play(one, workshop);
        tables.put(table.id(), table);
        loads.put(table.id(), load);
        System.out.println(Markdown.table(table));
      }
    }
    new Report(tables, facts, loads).write(out);
    if (only.isEmpty()) {
      Summary.writeInto(readme, tables);
    }
    System.out.println(Markdown.targets(Targets.of(tables), tables));
    System.out.printf("%4d s  wrote %s%n", (System.nanoTime() - start) / 1_000_000_000, out);
    return 0;
  }

  private static String commit() throws IOException, InterruptedException {
    try {
      String head = Command.of("git", "rev-parse", "--short", "HEAD").text().checkOutput().strip();
      String changes = Command.of("git", "status", "--porcelain", "-uno").text().checkOutput();
      return head + (changes.isEmpty() ? "" : " with changes");
    } catch (SubprocessException e) { // no git, or no clone
      return "unknown";
    }
  }
}

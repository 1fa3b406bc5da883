package io.github.jpopen.bench.compare;

import io.github.jpopen.Command;
import io.github.jpopen.bench.cases.Build;
import io.github.jpopen.bench.cases.Builds;
import io.github.jpopen.bench.cases.Machine;
import io.github.jpopen.bench.cases.Workshop;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plays an earlier build and this one in turn, and fails if this one is slower. */
@CommandLine.Command(
    name = "guard",
    mixinStandardHelpOptions = true,
    description = {
      "Plays an earlier build of jpopen and this one in turn, and fails if this one is slower.",
      "This one plays twice: by how much it differs from itself is what chance does here."
    })
public final class Guard implements Callable<Integer> {
  private static final double BUSY = 1;

  @Parameters(paramLabel = "REVISION", description = "The earlier build, by a name git knows.")
  private String revision = "";

  @Option(
      names = "--tolerance",
      description = "How much slower is no failure, as a part (default: ${DEFAULT-VALUE}).")
  private double tolerance = 0.05;

  @Option(
      names = "--effort",
      description = "By what the number of rounds is multiplied (default: ${DEFAULT-VALUE}).")
  private double effort = 1;

  @Option(names = "--busy", description = "Play even if the load average is above 1.")
  private boolean busy;

  private Guard() {}

  /** See {@code --help}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Guard()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    double load = Machine.load();
    if (load > BUSY && !busy) {
      System.err.printf("The load average is %.1f: wait, or play with --busy.%n", load);
      return 2;
    }
    Path folder = Files.createTempDirectory("jpopen-guard");
    Path clone = folder.resolve("before");
    run("git", "worktree", "add", "--detach", clone.toString(), revision);
    try (Workshop workshop = Workshop.open(effort)) {
      Command.of("mvn", "-B", "-q", "compile", "-pl", "native-posix,native-windows", "-am")
          .cwd(clone)
          .check()
          .run();
      List<Build> builds =
          List.of(
              Build.in(clone, Verdict.BEFORE), Build.now(Verdict.NOW), Build.now(Verdict.AGAIN));
      return report(new Builds(workshop, builds).play(), load);
    } finally {
      run("git", "worktree", "remove", "--force", clone.toString());
      Files.delete(folder);
    }
  }

  private int report(Map<String, List<Row>> cases, double load) {
    List<Verdict> verdicts = new ArrayList<>();
    cases.forEach((name, rows) -> verdicts.add(Verdict.of(name, rows, tolerance)));
    System.out.printf("%s against this build, load average %.1f at the start%n", revision, load);
    System.out.println(Verdict.table(verdicts));
    return verdicts.stream().allMatch(Verdict::isGood) ? 0 : 1;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Command.of(List.of(command)).check().run();
  }
}

package io.github.jpopen.bench.compare;

import io.github.jpopen.bench.cases.Machine;
import io.github.jpopen.bench.cases.UnderWine;
import io.github.jpopen.bench.cases.Workshop;
import io.github.jpopen.bench.measure.Row;
import io.github.jpopen.bench.report.Ratios;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Plays jpopen beside {@code ProcessBuilder} in a Windows JVM under Wine, and prints ratios. */
@CommandLine.Command(
    name = "wine",
    mixinStandardHelpOptions = true,
    description = "Plays jpopen beside ProcessBuilder in a Windows JVM under Wine.")
public final class CompareUnderWine implements Callable<Integer> {
  @Option(
      names = "--java",
      description = "The Windows JVM, as .ci/wine installs it (default: ${DEFAULT-VALUE}).")
  private Path java = Path.of(".ci", "tools", "windows-jre", "bin", "java");

  @Option(
      names = "--effort",
      description = "By what the number of rounds is multiplied (default: ${DEFAULT-VALUE}).")
  private double effort = 1;

  private CompareUnderWine() {}

  /** See {@code --help}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CompareUnderWine()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    double load = Machine.load();
    try (Workshop workshop = Workshop.open(effort)) {
      Map<String, List<Row>> cases = new UnderWine(workshop, java).play();
      System.out.printf("Load average %.1f at the start.%n%n", load);
      System.out.print(Ratios.markdown(cases));
    }
    return 0;
  }
}

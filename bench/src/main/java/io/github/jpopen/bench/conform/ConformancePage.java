package io.github.jpopen.bench.conform;

import io.github.jpopen.conformance.Conformance;
import io.github.jpopen.conformance.ProcessBuilderLibrary;
import io.github.jpopen.conformance.ProcessLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Asks each library for each rule, and writes the tables of {@code docs/conformance.md}. */
@CommandLine.Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = "Shows which rules of communicate each library keeps.")
public final class ConformancePage implements Callable<Integer> {
  /** The page is written by hand up to here. */
  static final String TABLES = "\n## It never deadlocks\n";

  @Option(names = "--out", description = "The page to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("docs", "conformance.md");

  @Option(
      names = "--times",
      description = "How often each library is asked for each rule (default: ${DEFAULT-VALUE}).")
  private int times = 5;

  private ConformancePage() {}

  /** See {@code --help}. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new ConformancePage()).execute(args));
  }

  private static ProcessLibrary[] libraries() {
    return new ProcessLibrary[] {
      new JpopenLibrary(),
      new ProcessBuilderLibrary(),
      new CommonsExecLibrary(),
      new ZtExecLibrary(),
      new NuProcessLibrary()
    };
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String tables = Conformance.of(libraries()).times(times).ask().markdown();
    String page = Files.readString(out);
    Files.writeString(out, page.substring(0, page.indexOf(TABLES) + 1) + tables);
    return 0;
  }
}

package io.github.jpopen.conformance;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Checks which rules libraries keep, and makes a table of the answers.
 *
 * {@snippet class="ConformanceTest" region="report"}
 *
 * <p>It is also a program, which {@linkplain #main prints the table}.
 *
 * <p>Immutable and thread-safe. Calls from several threads ask one after the other, see {@link
 * Rule}.
 *
 * @since 0.1
 */
public final class Conformance {
  private static final String USAGE =
      """
      usage: java -cp PATH io.github.jpopen.conformance.Conformance [OPTION]... [CLASS]...

      Asks libraries which rules of communicate they keep. Each class implements ProcessLibrary;
      without a class, those that ServiceLoader finds are asked.

        --markdown    print the table as Markdown
        --times N     ask N times for each rule, and until it is broken (1)
        --rule NAME   ask for this rule only; may be repeated
        --beside      ask ProcessBuilder as well, to compare with

      The exit code is 0 if no rule is broken, 1 if one is, and 2 if the arguments are wrong.
      """;

  private final List<ProcessLibrary> libraries;
  private final Set<Rule> rules;
  private final int times;

  private Conformance(List<ProcessLibrary> libraries, Set<Rule> rules, int times) {
    this.libraries = libraries;
    this.rules = rules;
    this.times = times;
  }

  /**
   * Makes a check of libraries, once against each rule. It begins with {@link #ask}.
   *
   * @param libraries the columns of the table
   * @return the check
   */
  public static Conformance of(ProcessLibrary... libraries) {
    return new Conformance(List.of(libraries), EnumSet.allOf(Rule.class), 1);
  }

  /**
   * Sets how often each rule is checked: up to this many times, until it is broken. A rule that is
   * kept only by chance counts as broken.
   *
   * @param count at least 1; 1 by default
   * @return the new check
   * @throws IllegalArgumentException if it is less than 1
   */
  public Conformance times(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("times is " + count);
    }
    return new Conformance(libraries, rules, count);
  }

  /**
   * Sets which rules are checked. All are by default.
   *
   * @param some at least one; copied
   * @return the new check
   * @throws IllegalArgumentException if there are none
   */
  public Conformance rules(Collection<Rule> some) {
    if (some.isEmpty()) {
      throw new IllegalArgumentException("there are no rules to check");
    }
    return new Conformance(libraries, EnumSet.copyOf(some), times);
  }

  /**
   * Checks each library against each rule, on threads of its own. What a library throws is part of
   * the report.
   *
   * @return what came out
   * @throws InterruptedException if this thread is interrupted
   */
  public Report ask() throws InterruptedException {
    Asking asking = Asking.here();
    Report report = new Report(libraries);
    for (Rule rule : rules) {
      List<Verdict> row = new ArrayList<>();
      for (ProcessLibrary library : libraries) {
        row.add(asking.ask(rule.check(), library, times));
      }
      report.add(rule, row);
    }
    return report;
  }

  /**
   * Prints which rules libraries keep, and ends the JVM. {@code --help} prints the options.
   *
   * <p>Each class that is named must be public, implement {@link ProcessLibrary}, and have a public
   * constructor without parameters. On the module path it must be in an exported package, or a
   * service.
   *
   * @param args options and names of classes
   * @throws InterruptedException if this thread is interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    System.exit(run(System.out, System.err, args));
  }

  static int run(PrintStream out, PrintStream err, String... args) throws InterruptedException {
    boolean markdown = false;
    int times = 1;
    Set<Rule> rules = EnumSet.noneOf(Rule.class);
    List<ProcessLibrary> libraries = new ArrayList<>();
    boolean beside = false;
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--help" -> {
            out.print(USAGE);
            return 0;
          }
          case "--markdown" -> markdown = true;
          case "--beside" -> beside = true;
          case "--times" -> times = Integer.parseInt(value(args, ++i));
          case "--rule" -> rules.add(rule(value(args, ++i)));
          default -> libraries.add(library(args[i]));
        }
      }
      if (libraries.isEmpty()) {
        ServiceLoader.load(ProcessLibrary.class).forEach(libraries::add);
      }
      if (beside) {
        libraries.add(new ProcessBuilderLibrary());
      }
      if (libraries.isEmpty()) {
        throw new IllegalArgumentException(
            "no library: name a class that implements ProcessLibrary");
      }
      if (times < 1) {
        throw new IllegalArgumentException("--times is " + times);
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.print(USAGE);
      return 2;
    }
    Set<Rule> asked = rules.isEmpty() ? EnumSet.allOf(Rule.class) : rules;
    Report report = of(libraries.toArray(ProcessLibrary[]::new)).rules(asked).times(times).ask();
    out.print(markdown ? report.markdown() : report.text());
    return report.hasBroken() ? 1 : 0;
  }

  private static String value(String[] args, int index) {
    if (index == args.length) {
      throw new IllegalArgumentException(args[index - 1] + " needs a value");
    }
    return args[index];
  }

  private static Rule rule(String name) {
    try {
      return Rule.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "no rule \"" + name + "\": there are " + Arrays.toString(Rule.values()), e);
    }
  }

  private static ProcessLibrary library(String className) {
    if (className.startsWith("-")) {
      throw new IllegalArgumentException("no option " + className);
    }
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      Class<?> type = Class.forName(className, true, loader);
      return type.asSubclass(ProcessLibrary.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException("cannot use \"" + className + "\": " + e, e);
    }
  }
}

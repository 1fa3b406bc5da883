package io.github.jpopen.examples;

import io.github.jpopen.SubprocessException;
import java.io.PrintStream;

/** Prints what happened, one line per check, with the time since the line before. */
final class Report {
  /** A part of the tour. */
  interface Part {
    void run() throws Exception;
  }

  private final PrintStream out;
  private final String good;
  private final long begun = System.nanoTime();
  private long last = begun;
  private int checks;
  private int failed;

  Report(PrintStream out) {
    this.out = out;
    this.good = out.charset().newEncoder().canEncode('✓') ? "✓" : "ok";
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    out.println("jpopen on " + system + ", Java " + Runtime.version());
  }

  /** A part that throws has failed; the others still run. */
  void part(String title, Part part) {
    out.println();
    out.println(title);
    last = System.nanoTime();
    try {
      part.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      check("interrupted", false, e.toString());
    } catch (Exception e) {
      check("failed", false, e.toString());
      if (e instanceof SubprocessException child) {
        child.stderr().text().lines().forEach(line -> out.println("      " + line));
      }
    }
  }

  void check(String what, boolean holds, String detail) {
    long now = System.nanoTime();
    String mark = holds ? good : "FAILED";
    out.printf("%6s %7.3f s  %-12s %s%n", mark, (now - last) / 1e9, what, detail);
    checks++;
    failed += holds ? 0 : 1;
    last = now;
  }

  /** Returns whether every check held. */
  boolean end() {
    String result =
        failed == 0
            ? "All " + checks + " checks hold"
            : failed + " of " + checks + " checks FAILED";
    out.printf("%n%s, in %.1f s.%n", result, (System.nanoTime() - begun) / 1e9);
    return failed == 0;
  }
}

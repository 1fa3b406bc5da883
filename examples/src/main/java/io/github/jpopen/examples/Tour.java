package io.github.jpopen.examples;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SpawnException.Culprit;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.examples.Children.Child;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * What communicate is for, shown with real programs. Read it from the top, and run it meanwhile.
 *
 * <p>It prints what happened and checks every number. Only {@link Children} knows the system.
 */
public final class Tour {
  private final Children children;
  private final Report report;

  private Tour(Children children, Report report) {
    this.children = children;
    this.report = report;
  }

  /** Exits with 1 if a check failed. */
  public static void main(String[] args) {
    System.exit(run(System.out) ? 0 : 1);
  }

  /** Returns whether every check held. */
  static boolean run(PrintStream out) {
    Report report = new Report(out);
    Tour tour = new Tour(Children.ofThisSystem(), report);
    report.part(
        "This source tree through %s, %s and %s, all in memory"
            .formatted(
                tour.children.archive().name(),
                tour.children.compress().name(),
                tour.children.digest().name()),
        tour::sourceTree);
    report.part("A slow child and a caller with little time", tour::slowChild);
    report.part("100 MB for a child that never reads", tour::deafChild);
    report.part("Programs and directories that are not there", tour::missing);
    return report.end();
  }

  /**
   * One call sends the input, reads the output and waits. Doing these one after the other would
   * deadlock: gzip stops reading while its output is not read.
   */
  private void sourceTree() throws IOException, InterruptedException {
    Path root = children.root();
    Child list = children.list().of(root);
    String listed = list.command().cwd(root).text().checkOutput();
    List<String> files =
        Arrays.stream(listed.split("\0", -1))
            .filter(name -> Files.isRegularFile(root.resolve(name)))
            .toList();
    long content = 0;
    for (String name : files) {
      content += Files.size(root.resolve(name));
    }
    report.check(
        list.name(), content > 0, "%,d files of %,d bytes".formatted(files.size(), content));

    Child tar = children.archive();
    byte[] archive = tar.command().cwd(root).input(String.join("\0", files)).checkOutput();
    report.check(
        tar.name(), archive.length > content, "an archive of %,d bytes".formatted(archive.length));

    Child gzip = children.compress();
    byte[] zipped = gzip.command().input(archive).checkOutput();
    report.check(
        gzip.name(),
        bytesThatGzipRead(zipped) == archive.length,
        "%,d bytes; by its own count it read all %,d".formatted(zipped.length, archive.length));

    Child gunzip = children.expand();
    byte[] again = gunzip.command().input(zipped).checkOutput();
    report.check(
        gunzip.name(),
        Arrays.equals(again, archive),
        "%,d bytes, the same".formatted(again.length));

    Child sum = children.digest();
    String digest = sum.command().text().input(again).checkOutput().split(" ", -1)[0];
    report.check(
        sum.name(),
        digest.equals(sha256(archive)),
        "%.16s..., as Java computes it".formatted(digest));
  }

  /**
   * A timeout ends the call and not the child. The exception holds the output so far. The next call
   * continues at the next byte. It has no input argument, because the first call fixed the input.
   */
  private void slowChild() throws IOException, InterruptedException {
    String lines = "one\ntwo\nthree\nfour\nfive\nsix\n";
    Duration patience = Duration.ofMillis(700);
    try (Popen<String> child = children.slow().text().stdin(PIPE).stdout(PIPE).start()) {
      String first = "";
      String second = "";
      try {
        String early = child.communicate(lines, patience).stdout();
        report.check("1st call", false, "no timeout, but %d characters".formatted(early.length()));
      } catch (TimeoutExpiredException e) {
        first = e.stdout().text();
        report.check(
            "1st call",
            lines.startsWith(first),
            "timed out, with %d of 6 lines".formatted(lines(first)));
      }
      try {
        String early = child.communicate(patience).stdout();
        report.check("2nd call", false, "no timeout, but %d characters".formatted(early.length()));
      } catch (TimeoutExpiredException e) {
        second = e.stdout().text();
        report.check(
            "2nd call",
            second.startsWith(first),
            "timed out, with %d of 6 lines".formatted(lines(second)));
      }
      String all = child.communicate().stdout();
      report.check(
          "3rd call", all.equals(lines), "all %d lines, nothing lost".formatted(lines(all)));
    }
  }

  /** The timeout is on time although stdin is full and stays full. The caller may then kill. */
  private void deafChild() throws IOException, InterruptedException {
    Input input = Input.wrap(new byte[100_000_000]);
    Duration patience = Duration.ofSeconds(1);
    try (Popen<byte[]> child = children.deaf().stdin(PIPE).start()) {
      long start = System.nanoTime();
      try {
        child.communicate(input, patience);
        report.check("1 s timeout", false, "the child is done, which it cannot be");
      } catch (TimeoutExpiredException e) {
        double late = (System.nanoTime() - start - patience.toNanos()) / 1e6;
        report.check("1 s timeout", late >= 0 && late < 250, "raised %.1f ms late".formatted(late));
      }
      boolean alive = child.poll().isEmpty();
      report.check("still alive", alive, "a timeout kills no child");
      child.kill();
      child.waitFor();
      boolean killed = children.killed().equals(child.status());
      report.check("killed", killed, "returncode %d, as in Python".formatted(child.returncode()));
    }
  }

  /** A child that cannot be started is an exception, which names the culprit. */
  private void missing() throws IOException, InterruptedException {
    expect(Culprit.PROGRAM, Command.of("no-such-program", "--version"));
    expect(Culprit.WORKING_DIRECTORY, Command.of("git").cwd(Path.of("no-such-directory")));
  }

  private void expect(Culprit culprit, Command<byte[]> command)
      throws IOException, InterruptedException {
    String what = culprit == Culprit.PROGRAM ? "program" : "directory";
    try {
      report.check(what, false, "started: %s".formatted(command.captureOutput().run()));
    } catch (SpawnException e) {
      report.check(what, e.culprit() == culprit, "%s: %s".formatted(e.errorName(), e.getMessage()));
    }
  }

  private static long lines(String text) {
    return text.lines().count();
  }

  /** The last four bytes of a gzip file: the length of what went in. */
  private static int bytesThatGzipRead(byte[] zipped) {
    return ByteBuffer.wrap(zipped)
        .order(ByteOrder.LITTLE_ENDIAN)
        .getInt(zipped.length - Integer.BYTES);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}

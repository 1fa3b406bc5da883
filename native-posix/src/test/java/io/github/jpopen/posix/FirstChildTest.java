package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the first child of a JVM makes the JVM load. Each class costs that child about a third of a
 * millisecond, and each lambda half of one.
 *
 * <p>A failure names what was loaded. What only some children use is made when it is first used. A
 * larger bound is right for a class that every child needs.
 */
class FirstChildTest {
  private static final String OWN = "io.github.jpopen.";

  /** What a child of bytes, without options and in no hurry, has no use for. */
  private static final List<String> UNUSED =
      List.of(
          "AsyncRun",
          "Ending",
          "PosixOptions",
          "WindowsOptions",
          "concurrent.",
          "conversation.ExitWatch",
          "posix.constants.LinuxErrors",
          "posix.constants.LinuxSignals",
          "posix.spawn.Accounts",
          "posix.spawn.CgroupStart",
          "posix.tree.CgroupRefused",
          "posix.tree.LinuxTree",
          "posix.tree.ProcessTree",
          "stream.",
          "text.");

  /** The ways to begin, each with the most classes and lambdas that it may load. */
  enum First {
    RUN(144, 2),
    CAPTURED(147, 3),
    /** On a slow machine, the thread that looks at unwatched children loads what it needs, too. */
    STARTED(155, 6);

    final int classes;
    final int lambdas;

    First(int classes, int lambdas) {
      this.classes = classes;
      this.lambdas = lambdas;
    }
  }

  @TempDir Path temp = Path.of("");

  @ParameterizedTest
  @EnumSource
  void loadsOnlyWhatItUses(First first) throws Exception {
    assumeTrue(
        System.getProperty(Settings.TIER) == null
            && !PosixTest.LIKE_MAC
            && PosixTest.HAS_PIDFD
            && PosixTest.HOST.hasCloseFrom(),
        "the bounds are those of the usual calls of Linux");
    Path log = temp.resolve("classes");
    new SubJvm()
        .option("-Xlog:class+load:file=" + log.toString().replace(":", "\\:"))
        .run("exec \"$@\"", Main.class, temp.resolve("result"), first.name(), PosixTest.TRUE);
    List<String> classes = new ArrayList<>();
    List<String> lambdas = new ArrayList<>();
    Pattern loaded = Pattern.compile("\\s" + Pattern.quote(OWN) + "(\\S+) source:");
    for (String line : Files.readAllLines(log)) {
      Matcher matcher = loaded.matcher(line);
      if (matcher.find() && !matcher.group(1).startsWith("posix.FirstChildTest")) {
        (matcher.group(1).contains("$$") ? lambdas : classes).add(matcher.group(1));
      }
    }
    assertThat(classes).contains("Command", "posix.child.PosixChild");
    assertThat(classes).as("of no use to it").noneMatch(FirstChildTest::isUnused);
    assertThat(classes).as("the classes of %s", first).hasSizeLessThanOrEqualTo(first.classes);
    assertThat(lambdas).as("the lambdas of %s", first).hasSizeLessThanOrEqualTo(first.lambdas);
  }

  private static boolean isUnused(String name) {
    for (String unused : UNUSED) {
      if (unused.endsWith(".") ? name.startsWith(unused) : name.equals(unused)) {
        return true;
      }
    }
    return false;
  }

  /** Starts one child. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
      switch (arguments[1]) {
        case "RUN" -> Command.of(arguments[2]).run();
        case "CAPTURED" -> Command.of("/bin/echo", "hello").stdout(Redirect.PIPE).run();
        default -> {
          try (Popen<byte[]> child = Command.of(arguments[2]).start()) {
            child.waitFor();
          }
        }
      }
      SubJvm.report(arguments[0], SubJvm.FINE);
    }
  }
}

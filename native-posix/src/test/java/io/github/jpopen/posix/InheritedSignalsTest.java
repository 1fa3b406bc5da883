package io.github.jpopen.posix;

import static io.github.jpopen.posix.SubJvm.JVM;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.contract.ProcSignals;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which signals a child ignores if the JVM was started with signals ignored. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class InheritedSignalsTest {
  private static final int LAST = 64;

  /** SIGKILL and SIGSTOP cannot be ignored; the C library reserves 32 and 33. */
  private static final Set<Integer> NEVER_IGNORED = Set.of(9, 19, 32, 33);

  /** SIGILL, SIGBUS, SIGFPE, SIGSEGV, SIGUSR2: caught by every JVM, even if they were ignored. */
  private static final Set<Integer> CAUGHT = Set.of(4, 7, 8, 11, 12);

  private static final int SIGQUIT = 3;
  private static final int SIGPIPE = 13;
  private static final int SIGCHLD = 17;
  private static final int SIGXFSZ = 25;

  /** The signal by which the JVM wakes a thread in a blocking channel, once it has one. */
  private static final int CAUGHT_ON_USE = 62;

  @TempDir Path temp = Path.of("");

  private List<ProcSignals> children(SubJvm jvm, String ignored) throws Exception {
    String script = (ignored.isEmpty() ? "" : "trap '' " + ignored + "; ") + "exec " + JVM;
    List<ProcSignals> found = new ArrayList<>();
    for (String status :
        jvm.run(script, Children.class, temp.resolve("result")).split(Children.NEXT, -1)) {
      found.add(ProcSignals.of(status));
    }
    return found;
  }

  private static SortedSet<Integer> all() {
    SortedSet<Integer> all = new TreeSet<>(IntStream.rangeClosed(1, LAST).boxed().toList());
    all.removeAll(NEVER_IGNORED);
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx64m", "-Xrs"})
  @Covers({"Posix.test_restore_signals", "promise 16"})
  void everyIgnoredSignalStaysIgnoredExceptForThoseOfTheJvm(String option) throws Exception {
    String everything = all().stream().map(String::valueOf).collect(joining(" "));
    List<ProcSignals> children = children(new SubJvm().option(option), everything);
    ProcSignals usual = children.getFirst().withoutReserved();
    SoftAssertions softly = new SoftAssertions();
    for (int signal : all()) {
      boolean taken =
          CAUGHT.contains(signal)
              || signal == SIGPIPE
              || signal == SIGXFSZ
              || signal == SIGCHLD
              || (signal == SIGQUIT && !option.equals("-Xrs"));
      if (signal != CAUGHT_ON_USE) {
        softly
            .assertThat(usual.ignored().contains(signal))
            .as("signal " + signal + " is ignored")
            .isEqualTo(!taken);
      }
    }
    softly.assertAll();
    assertThat(usual.blocked()).isEmpty();
    assertThat(usual.caught()).isEmpty();
    assertThat(children.getLast())
        .as("with the option")
        .isEqualTo(new ProcSignals(new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "HUP, 1",
    "INT, 2",
    "QUIT, ''",
    "TERM, 15",
    "PIPE, ''",
    "XFSZ, ''",
    "CHLD, ''",
    "TSTP TTIN TTOU, 20 21 22",
    "USR1 USR2 ALRM WINCH, 10 14 28",
    "40 64, 40 64"
  })
  void whatOneStarterIgnores(String ignored, String expected) throws Exception {
    List<ProcSignals> children = children(new SubJvm(), ignored);
    ProcSignals usual = children.getFirst().withoutReserved();
    SortedSet<Integer> all = ProcSignals.ofChild().ignored(); // by what started these tests
    all.removeAll(List.of(SIGCHLD, CAUGHT_ON_USE));
    for (String signal : expected.isEmpty() ? new String[0] : expected.split(" ", -1)) {
      all.add(Integer.valueOf(signal));
    }
    assertThat(usual.ignored()).isEqualTo(all);
    assertThat(usual.blocked()).isEmpty();
    assertThat(children.getLast().ignored()).isEmpty();
  }

  /** Reports what a child has of signals, without the option and with it. */
  static final class Children {
    static final String NEXT = "next\n";

    private Children() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      List<String> found = new ArrayList<>();
      for (UnaryOperator<SpawnRequests> option :
          List.<UnaryOperator<SpawnRequests>>of(r -> r, r -> r.resetAllSignals())) {
        SpawnRequests status = SpawnRequests.of("cat", ProcSignals.STATUS);
        try (StepDriver driver = new StepDriver(platform, option.apply(status).build())) {
          found.add(driver.text());
        }
      }
      SubJvm.report(arguments[0], String.join(NEXT, found));
    }
  }

  @ParameterizedTest
  @CsvSource({"HUP, -1", "INT, -2", "TERM, -15", "USR1, -10"})
  void anIgnoredSignalDoesNotEndTheChild(String signal, int withTheOption) throws Exception {
    String script = "trap '' " + signal + "; exec " + JVM;
    assertThat(new SubJvm().run(script, Signaled.class, temp.resolve("result"), signal))
        .isEqualTo("Exited[code=7] Killed[signal=" + -withTheOption + ", coreDumped=false]");
  }

  /** Reports how a child ends that sends a signal to itself. */
  static final class Signaled {
    private Signaled() {}

    public static void main(String[] arguments) throws Exception {
      PosixPlatform platform = new PosixPlatform();
      String script = "kill -" + arguments[1] + " $$; exit 7";
      List<String> found = new ArrayList<>();
      for (SpawnRequests child :
          List.of(SpawnRequests.shell(script), SpawnRequests.shell(script).resetAllSignals())) {
        try (StepDriver driver = new StepDriver(platform, child.build())) {
          driver.text();
          found.add(String.valueOf(driver.status()));
        }
      }
      SubJvm.report(arguments[0], String.join(" ", found));
    }
  }
}

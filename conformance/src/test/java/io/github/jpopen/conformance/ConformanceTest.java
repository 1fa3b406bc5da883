package io.github.jpopen.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.children.Children;
import io.github.jpopen.conformance.children.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is asked for what, and how the answers are shown. No child is started here. */
class ConformanceTest {
  /** Reports an end at once. */
  public static class Nothing implements ProcessLibrary {
    int asked;

    @Override
    public Outcome run(Call call, Duration limit) {
      asked++;
      return new Ended(asked < 3 ? 5 : 0, new byte[0], "a|b\nc".getBytes(UTF_8));
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void aReportIsATableForATerminalOrAPage() throws Exception {
    Report report = new Report(List.of(new Nothing(), new ProcessBuilderLibrary()));
    report.add(Rule.NO_INPUT, List.of(new Verdict.Kept(), new Verdict.Broken("a|b\nc")));
    report.add(Rule.DRAIN, List.of(new Verdict.NotOffered(), new Verdict.NotAsked("needs it")));
    assertThat(report.text())
        .isEqualTo(
            """
            It never deadlocks                            Nothing         ProcessBuilder
              a child without input sees its end at once  yes             NO (1)

            Timeouts                                      Nothing         ProcessBuilder
              the end of the child can be enough (drain)  –               not asked (2)

            1. a|b
            2. needs it
            """);
    assertThat(report.markdown())
        .isEqualTo(
            """
            ## It never deadlocks
            | | Nothing | ProcessBuilder |
            |---|---|---|
            | a child without input sees its end at once | yes | **no** (1) |

            ## Timeouts
            | | Nothing | ProcessBuilder |
            |---|---|---|
            | the end of the child can be enough (drain) | – | not asked (2) |

            ## What was seen
            1. a\\|b
            2. needs it
            """);
    assertThat(report.hasBroken()).isTrue();
  }

  @Test
  void aLibraryIsAskedUntilItBreaksTheRule() throws Exception {
    // @start region="report"
    Nothing mine = new Nothing();
    ProcessLibrary builder = new ProcessBuilderLibrary();
    Report report =
        Conformance.of(mine, builder).rules(EnumSet.of(Rule.MISSING_PROGRAM)).times(5).ask();
    String table = report.markdown();
    // @end
    assertThat(table).contains("| a missing program is named | **no** (1) | yes |");
    assertThat(report.verdict(Rule.MISSING_PROGRAM, mine))
        .isEqualTo(new Verdict.Broken("no exception, but Ended"));
    assertThat(mine.asked).isEqualTo(1);
    String seen = "";
    // @start region="broken"
    if (report.verdict(Rule.MISSING_PROGRAM, mine) instanceof Verdict.Broken broken) {
      seen = broken.how();
    }
    // @end
    assertThat(seen).isEqualTo("no exception, but Ended");
    assertThat(report.verdict(Rule.MISSING_PROGRAM, builder)).isEqualTo(new Verdict.Kept());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> report.verdict(Rule.NO_INPUT, mine))
        .withMessage("Nothing was not asked for NO_INPUT");
  }

  @Test
  void noRuleAndNoTimeAreRefused() {
    Conformance all = Conformance.of(new Nothing());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> all.rules(EnumSet.noneOf(Rule.class)))
        .withMessage("there are no rules to check");
    assertThatIllegalArgumentException().isThrownBy(() -> all.times(0)).withMessage("times is 0");
  }

  @Test
  void aRuleThatIsRequiredThrowsWhatWasSeen() throws Exception {
    assertThatThrownBy(() -> Rule.MISSING_PROGRAM.require(new Nothing()))
        .isInstanceOf(AssertionError.class)
        .hasMessage("Nothing breaks \"a missing program is named\": no exception, but Ended");
    assertThat(Rule.DRAIN.require(new Nothing())).isEqualTo(new Verdict.NotOffered());
    assertThat(Rule.TEXT.require(new Nothing())).isEqualTo(new Verdict.NotOffered());
    assertThat(Rule.WAIT_AGAIN.require(new Nothing())).isEqualTo(new Verdict.NotOffered());
  }

  @Test
  void aLibraryMayRefuseACallThatItCannotMake() throws Exception {
    ProcessLibrary refuses =
        (call, limit) -> {
          throw new NotOfferedException();
        };
    for (Rule rule : List.of(Rule.ENVIRONMENT, Rule.MISSING_DIRECTORY, Rule.INTERRUPT)) {
      assertThat(rule.ask(refuses)).as(rule.sentence()).isEqualTo(new Verdict.NotOffered());
    }
  }

  @Test
  void aRuleThatNeedsAShellIsNotAskedWithJvms() throws Exception {
    Asking asking = new Asking(Children.JVMS, Pace.here(Children.JVMS), Path.of("/proc"));
    assertThat(asking.ask(Rule.SIGNAL_NUMBER.check(), new Nothing()))
        .isEqualTo(new Verdict.NotAsked("needs /bin/sh"));
  }

  @Test
  void propertiesChooseTheChildrenAndMakeWaitsLonger() {
    Pace usual = Pace.here(Children.JVMS);
    System.setProperty("io.github.jpopen.conformance.children", "java");
    System.setProperty("io.github.jpopen.conformance.patience", "3");
    try {
      assertThat(Children.here()).isEqualTo(Children.JVMS);
      Pace patient = Pace.here(Children.JVMS);
      assertThat(patient.enough()).isEqualTo(usual.enough().multipliedBy(3));
      assertThat(patient.shortly()).isEqualTo(usual.shortly().multipliedBy(3));
      assertThat(patient.late()).isEqualTo(usual.late().multipliedBy(3));
      assertThat(patient.settle()).isEqualTo(usual.settle().multipliedBy(3));
      assertThat(patient.hang()).isEqualTo(usual.hang().multipliedBy(3));
    } finally {
      System.clearProperty("io.github.jpopen.conformance.children");
      System.clearProperty("io.github.jpopen.conformance.patience");
    }
  }

  @Test
  void theProgramPrintsATableAndExitsWithOneIfARuleIsBroken() throws Exception {
    assertThat(run("--rule", "MISSING_PROGRAM", Nothing.class.getName(), "--beside")).isEqualTo(1);
    assertThat(out.toString(UTF_8).lines())
        .containsExactly(
            "Failures to start             Nothing         ProcessBuilder",
            "  a missing program is named  NO (1)          yes",
            "",
            "1. no exception, but Ended");
    assertThat(run("--markdown", "--times", "2", "--rule", "MISSING_PROGRAM", "--beside")).isZero();
    assertThat(out.toString(UTF_8)).contains("| a missing program is named | yes |");
    assertThat(run("--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("usage: java -cp");
  }

  @Test
  void theProgramSaysWhichArgumentIsWrong() throws Exception {
    assertWrong("no library: name a class that implements ProcessLibrary");
    assertWrong("no option --nope", "--nope");
    assertWrong("no rule \"NOPE\": there are [STDERR_FIRST, ", "--rule", "NOPE");
    assertWrong("--times needs a value", "--times");
    assertWrong("--times is 0", "--times", "0", "--beside");
    assertWrong("cannot use \"no.Such\": java.lang.ClassNotFoundException: no.Such", "no.Such");
    assertWrong("cannot use \"java.lang.String\": java.lang.ClassCast", "java.lang.String");
    assertWrong(": java.lang.NoSuchMethodException", ProcessLibrary.class.getName());
  }

  private void assertWrong(String message, String... args) throws Exception {
    err.reset();
    assertThat(run(args)).as(message).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains(message).contains("usage: java -cp");
  }

  private int run(String... args) throws InterruptedException {
    return Conformance.run(
        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), args);
  }

  /** A refusal is right for NUL only; whatever else throws at once keeps nothing. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NUL_IN_ARGUMENT")
  void libraryThatAlwaysThrowsKeepsNoRule(Rule rule) throws InterruptedException {
    ProcessLibrary throwing =
        new ProcessLibrary() {
          @Override
          public Outcome run(Call call, Duration limit) throws IOException {
            throw new IOException("always");
          }

          @Override
          public RunningCall start(Call call) throws IOException {
            throw new IOException("always");
          }
        };
    assertThat(rule.ask(throwing)).isNotInstanceOf(Verdict.Kept.class);
  }
}

package io.github.jpopen.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.conformance.Verdict.Broken;
import io.github.jpopen.conformance.children.Children;
import io.github.jpopen.conformance.children.Pace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rule that no library can break says nothing. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "some rules look into /proc")
class EachRuleCanBeBrokenTest {
  private static final Pace USUAL = Pace.here(Children.SHELLS);
  private static final int MANY = 8;

  private final List<Closeable> left = new ArrayList<>();
  @TempDir Path proc;

  @AfterEach
  void closeWhatTheWrongLibraryLeft() throws IOException {
    for (Closeable one : left) {
      one.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theVerdictSaysWhatWasSeen(Rule rule) throws Exception {
    Files.createDirectories(proc.resolve("self").resolve("task"));
    Mistake mistake = Mistake.in(rule, left, proc);
    Pace pace = paceFor(rule, mistake);
    Verdict verdict = new Asking(Children.SHELLS, pace, proc).ask(rule.check(), mistake.library());
    assertThat(verdict).isInstanceOf(Broken.class);
    assertThat(((Broken) verdict).how()).contains(mistake.seen());
  }

  /** What never happens is not waited for as long as usual. */
  private static Pace paceFor(Rule rule, Mistake mistake) {
    Duration hang = mistake.seen().equals("hangs") ? Duration.ofMillis(150) : USUAL.hang();
    boolean left = rule.topic().equals(Rule.ZOMBIES.topic());
    Duration settle = left ? Duration.ofMillis(50) : USUAL.settle();
    return new Pace(USUAL.enough(), Duration.ofMillis(100), USUAL.late(), settle, hang, MANY);
  }
}

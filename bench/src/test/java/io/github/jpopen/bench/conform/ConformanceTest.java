package io.github.jpopen.bench.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jpopen.bench.conform.Verdict.BrokenRule;
import io.github.jpopen.bench.conform.Verdict.Kept;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What the page of conformance says about jpopen, and that each rule can be broken. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the checks look into /proc")
class ConformanceTest {
  private static final Library JPOPEN = new JpopenLibrary();

  @TestFactory
  Stream<DynamicTest> jpopenKeepsEachRule() {
    return Rules.all().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.sentence(), () -> assertEquals(new Kept(), Verdict.of(rule, JPOPEN))));
  }

  @TestFactory
  Stream<DynamicTest> aLibraryThatDoesNothingBreaksEachRule() {
    return Rules.all().stream()
        .filter(rule -> !rule.group().equals("Nothing is left behind"))
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.sentence(),
                    () -> assertInstanceOf(BrokenRule.class, Verdict.of(rule, new Nothing()))));
  }

  @Test
  void thePageHasEachRule() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "conformance.md"));
    List<String> missing =
        Rules.all().stream()
            .map(Rule::sentence)
            .filter(sentence -> !page.contains("| " + sentence + " | yes |"))
            .toList();
    assertTrue(missing.isEmpty(), missing::toString);
  }

  /** Says that all went well, at once, and starts no child. */
  private static final class Nothing implements Library {
    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public Outcome call(Call call, Duration limit) {
      return new Done(0, new byte[0], new byte[0]);
    }

    @Override
    public Optional<Outcome> callWithoutWaitingForOthers(Call call, Duration limit) {
      return Optional.of(call(call, limit));
    }

    @Override
    public Running start(Call call) {
      return new Running() {
        @Override
        public Outcome await(Duration limit) {
          return Nothing.this.call(call, limit);
        }

        @Override
        public void end() {}
      };
    }
  }
}

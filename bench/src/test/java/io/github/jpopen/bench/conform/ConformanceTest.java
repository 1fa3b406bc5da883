package io.github.jpopen.bench.conform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jpopen.conformance.Rule;
import io.github.jpopen.conformance.Verdict.Kept;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page of conformance says about jpopen. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "some rules look into /proc")
class ConformanceTest {
  @ParameterizedTest
  @EnumSource
  void jpopenKeepsEachRule(Rule rule) throws InterruptedException {
    assertEquals(new Kept(), rule.require(new JpopenLibrary()));
  }

  @Test
  void thePageHasEachRule() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "conformance.md"));
    List<String> missing =
        Arrays.stream(Rule.values())
            .map(Rule::sentence)
            .filter(sentence -> !page.contains("| " + sentence + " | yes |"))
            .toList();
    assertTrue(missing.isEmpty(), missing::toString);
  }
}

package io.github.jpopen.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A test's name is a short sentence: what does what. */
class TestNamesTest {
  private static final int LONGEST = 60;

  /** Each hides the subject of the sentence, or names the API's words instead of its effect. */
  private static final Set<String> BANNED = Set.of("nobody", "somebody", "who", "said", "told");

  @BeforeAll
  static void sourcesAreThere() {
    assumeTrue(TestMethod.hasSources(), "only in the source tree");
  }

  @Test
  void namesAreShort() throws Exception {
    assertThat(TestMethod.all())
        .isNotEmpty()
        .allSatisfy(test -> assertThat(test.name()).hasSizeLessThanOrEqualTo(LONGEST));
  }

  @Test
  void namesHaveNoBannedWord() throws Exception {
    assertThat(TestMethod.all())
        .isNotEmpty()
        .allSatisfy(test -> assertThat(words(test.name())).doesNotContainAnyElementsOf(BANNED));
  }

  private static Stream<String> words(String name) {
    return Stream.of(name.split("(?=[A-Z])")).map(word -> word.toLowerCase(Locale.ROOT));
  }
}

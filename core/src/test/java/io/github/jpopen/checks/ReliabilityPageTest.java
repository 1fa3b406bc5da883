package io.github.jpopen.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reliability.md} is what {@code reliability.txt} and {@link
 * io.github.jpopen.contract.Covers} make of it. With {@code -Dio.github.jpopen.update=true} the
 * test writes the page.
 */
class ReliabilityPageTest {
  private static final Path PAGE = Path.of("..", "docs", "reliability.md");
  private static final Path FOLDER = Path.of("src/test/resources/io/github/jpopen/checks");
  private static final String UPDATE =
      "mvn -pl core test -Dtest=ReliabilityPageTest -Dio.github.jpopen.update=true";

  @BeforeAll
  static void sourcesAreThere() {
    assumeTrue(TestMethod.hasSources(), "only in the source tree");
  }

  private static ReliabilityPage page() throws IOException {
    return new ReliabilityPage(
        ParitySection.parse(Files.readAllLines(FOLDER.resolve("parity.txt"))),
        Files.readAllLines(FOLDER.resolve("reliability.txt")),
        TestMethod.all());
  }

  @Test
  void everyNamedTestExists() throws Exception {
    assertThat(page().missingTests()).isEmpty();
  }

  @Test
  void pageIsUpToDate() throws Exception {
    List<String> lines = Files.readAllLines(PAGE);
    List<String> wanted =
        new ArrayList<>(lines.subList(0, lines.indexOf(ReliabilityPage.MARK) + 1));
    wanted.addAll(page().lines());
    if (Boolean.getBoolean("io.github.jpopen.update")) {
      Files.write(PAGE, wanted);
    } else {
      assertTrue(
          lines.equals(wanted), "docs/reliability.md is out of date. To write it: " + UPDATE);
    }
  }
}

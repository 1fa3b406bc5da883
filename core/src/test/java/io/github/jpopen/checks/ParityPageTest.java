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
 * {@code docs/python-parity.md} is what {@code parity.txt} and {@link
 * io.github.jpopen.contract.Covers} make of it. With {@code -Dio.github.jpopen.update=true} the
 * test writes the page.
 */
class ParityPageTest {
  private static final Path PAGE = Path.of("..", "docs", "python-parity.md");
  private static final Path ROWS = Path.of("src/test/resources/io/github/jpopen/checks/parity.txt");
  private static final String UPDATE =
      "mvn -pl core test -Dtest=ParityPageTest -Dio.github.jpopen.update=true";

  @BeforeAll
  static void sourcesAreThere() {
    assumeTrue(TestMethod.hasSources(), "only in the source tree");
  }

  private static ParityPage page() throws IOException {
    return new ParityPage(ParitySection.parse(Files.readAllLines(ROWS)), TestMethod.all());
  }

  @Test
  void rowsAndTestsAgree() throws Exception {
    assertThat(page().contradictions()).isEmpty();
  }

  /** CPython 3.14 has so many in {@code Lib/test/test_subprocess.py}. */
  @Test
  void everyCpythonTestHasARow() throws Exception {
    assertThat(page().cpythonTests()).isEqualTo(243);
  }

  @Test
  void pageIsUpToDate() throws Exception {
    List<String> lines = Files.readAllLines(PAGE);
    List<String> wanted = new ArrayList<>(lines.subList(0, lines.indexOf(ParityPage.MARK) + 1));
    wanted.addAll(page().lines());
    if (Boolean.getBoolean("io.github.jpopen.update")) {
      Files.write(PAGE, wanted);
    } else {
      assertTrue(
          lines.equals(wanted), "docs/python-parity.md is out of date. To write it: " + UPDATE);
    }
  }
}

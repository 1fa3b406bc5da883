package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Every check of the tour holds; on Windows, too, where its children are others. */
class TourTest {
  @Test
  void everyCheckHolds() throws Exception {
    assumeTrue(
        File.separatorChar == '\\' || Files.exists(Path.of("..", ".git")),
        "the tour needs a clone");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean good = Tour.run(new PrintStream(out, true, StandardCharsets.UTF_8));
    String report = out.toString(StandardCharsets.UTF_8);
    System.out.println(report);
    assertTrue(good, report);
  }
}

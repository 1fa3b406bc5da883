package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Every check of the tour holds; on Windows, too, where its children are others. */
class TourTest {
  @Test
  void everyCheckHolds() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean good = Tour.run(new PrintStream(out, true, StandardCharsets.UTF_8));
    String report = out.toString(StandardCharsets.UTF_8);
    System.out.println(report);
    assertTrue(good, report);
  }
}

package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.SpawnException;
import java.io.IOException;

/** Whether the source tree is a clone that git reads: no archive, and no clone of another user. */
final class Clone {
  private Clone() {}

  /** Skips a test that needs a clone. */
  static void assume() throws IOException, InterruptedException {
    assumeTrue(isThere(), "needs a clone that git reads (of another user: safe.directory)");
  }

  private static boolean isThere() throws IOException, InterruptedException {
    try {
      return Command.of("git", "rev-parse", "HEAD").captureOutput().call() == 0;
    } catch (SpawnException e) {
      return false; // there is no git
    }
  }
}

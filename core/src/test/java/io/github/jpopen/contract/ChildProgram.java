package io.github.jpopen.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The child of the contract tests: does what its arguments name, see {@link Behaviour}. It does not
 * use the library.
 */
public final class ChildProgram {
  private static final Duration LONGEST_LIFE = Duration.ofSeconds(100);

  private ChildProgram() {}

  /**
   * Does one behaviour after another.
   *
   * @param args names of {@link Behaviour}, each followed by its arguments
   * @throws Exception if one failed
   */
  public static void main(String[] args) throws Exception {
    dieSomeDay();
    try {
      runAll(List.of(args));
    } catch (IOException e) {
      if (e.getMessage() == null || !e.getMessage().toLowerCase(Locale.ROOT).contains("pipe")) {
        throw e;
      }
      Runtime.getRuntime().halt(98); // as quiet as the signal that ends other programs
    }
    Runtime.getRuntime().halt(0);
  }

  private static void runAll(List<String> steps) throws Exception {
    List<String> left = steps;
    while (!left.isEmpty()) {
      Behaviour behaviour = Behaviour.valueOf(left.getFirst());
      int end = behaviour.arity == Behaviour.ALL ? left.size() : 1 + behaviour.arity;
      behaviour.action.run(left.subList(1, end));
      left = left.subList(end, left.size());
    }
  }

  /** A test that fails must not leave its child behind for ever. */
  private static void dieSomeDay() {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(LONGEST_LIFE);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(97);
            });
  }
}

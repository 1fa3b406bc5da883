package io.github.jpopen.testing;

import java.util.List;
import java.util.function.Predicate;

/**
 * Which commands a fake program stands for.
 *
 * @param beginning the program and its first arguments
 * @param condition what else must hold
 * @param program the fake
 * @param weight of two rules that fit, the one with more of it is taken
 * @param shown for messages
 */
record Rule(
    List<String> beginning,
    Predicate<? super FakeCall> condition,
    FakeProgram program,
    int weight,
    String shown) {

  /** One of {@code on}. */
  static Rule on(List<String> beginning) {
    return new Rule(
        beginning, _ -> true, new FakeProgram(), 2 * beginning.size(), shown(beginning));
  }

  /** One of {@code on} with a condition. */
  static Rule on(List<String> beginning, Predicate<? super FakeCall> condition) {
    String shown = shown(beginning) + " under a condition";
    return new Rule(beginning, condition, new FakeProgram(), 2 * beginning.size() + 1, shown);
  }

  private static String shown(List<String> beginning) {
    return beginning.isEmpty() ? "any program" : beginning.toString();
  }

  boolean fits(FakeCall call) {
    List<String> args = call.args();
    if (args.size() < beginning.size()) {
      return false;
    }
    for (int i = 0; i < beginning.size(); i++) {
      String wanted = beginning.get(i);
      if (!args.get(i).equals(wanted) && !(i == 0 && isPathTo(wanted, args.get(i)))) {
        return false;
      }
    }
    return condition.test(call);
  }

  private static boolean isPathTo(String wanted, String program) {
    return wanted.indexOf('/') < 0
        && wanted.indexOf('\\') < 0
        && (program.endsWith('/' + wanted) || program.endsWith('\\' + wanted));
  }

  @Override
  public String toString() {
    return shown;
  }
}

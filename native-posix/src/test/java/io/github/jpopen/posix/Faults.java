package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Posix} in front of the real one, whose calls fail by rules.
 *
 * <p>A rule whose call never comes tests nothing, so {@link #unfired} lists those. {@link
 * PosixTest} asks after every test.
 */
public final class Faults {
  private static final int ALWAYS = -1;

  /** Answers one occurrence of a call, or all; knows whether it ever did. */
  private static final class Rule {
    final String call;
    final int occurrence;
    final Object answer;
    final boolean really;
    volatile boolean fired;

    Rule(String call, int occurrence, Object answer, boolean really) {
      this.call = call;
      this.occurrence = occurrence;
      this.answer = answer;
      this.really = really;
    }

    boolean isFor(String name, int nth) {
      return call.equals(name) && (occurrence == ALWAYS || occurrence == nth);
    }

    /** The answer, in the type of the method. */
    Object answer(Class<?> type) throws Throwable {
      fired = true;
      if (answer instanceof Throwable thrown) {
        throw thrown;
      }
      if (!(answer instanceof Long number)) {
        return answer;
      }
      if (type == boolean.class) {
        return number != 0;
      }
      return type == long.class ? (Object) number : (Object) number.intValue();
    }

    @Override
    public String toString() {
      return call + (occurrence == ALWAYS ? "" : " call " + occurrence) + " answers " + answer;
    }
  }

  private final Posix real;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Rule> allRules = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Set<Object> counters = ConcurrentHashMap.newKeySet();
  private final Posix posix;

  public Faults(Posix real) {
    this.real = real;
    posix =
        (Posix)
            Proxy.newProxyInstance(
                Posix.class.getClassLoader(),
                new Class<?>[] {Posix.class},
                (proxy, method, arguments) -> answer(method, arguments));
  }

  /** The calls to hand to a platform. */
  public Posix posix() {
    return posix;
  }

  /** The nth of these calls from now on answers this error, and does nothing. */
  public Faults fail(String call, int occurrence, int error) {
    return add(call, calls(call) + occurrence, (long) -error, false);
  }

  /** The nth of these calls from now on is made, but answers this error. */
  public Faults failAfterwards(String call, int occurrence, int error) {
    return add(call, calls(call) + occurrence, (long) -error, true);
  }

  /** The nth of these calls from now on throws, and does nothing. */
  public Faults fail(String call, int occurrence, Error thrown) {
    return add(call, calls(call) + occurrence, thrown, false);
  }

  /** The nth of these calls from now on is made, but throws. */
  public Faults failAfterwards(String call, int occurrence, Error thrown) {
    return add(call, calls(call) + occurrence, thrown, true);
  }

  /** From now on all of these calls answer this error, and do nothing. */
  public Faults failAlways(String call, int error) {
    return add(call, ALWAYS, (long) -error, false);
  }

  /** The nth of these calls from now on answers this, and does nothing. */
  public Faults answer(String call, int occurrence, long answer) {
    return add(call, calls(call) + occurrence, answer, false);
  }

  /** This symbol is missing. */
  public Faults without(String question) {
    return add(question, ALWAYS, 0L, false);
  }

  /** This question is answered by this text. */
  public Faults text(String question, String answer) {
    return add(question, ALWAYS, answer, false);
  }

  private Faults add(String call, int occurrence, Object answer, boolean really) {
    Rule rule = new Rule(call, occurrence, answer, really);
    rules.add(rule);
    allRules.add(rule);
    return this;
  }

  /** How often this was called. */
  public int calls(String call) {
    return calls.getOrDefault(call, 0);
  }

  /** From now on nothing fails. */
  public void heal() {
    rules.clear();
  }

  /** The rules that no call has met, healed or not. */
  public List<String> unfired() {
    return allRules.stream().filter(rule -> !rule.fired).map(Rule::toString).toList();
  }

  private @Nullable Object answer(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    boolean wakesUp =
        (name.equals("read") || name.equals("write"))
            && arguments != null
            && counters.contains(arguments[0]);
    if (wakesUp) { // how often that happens depends on the threads
      return method.invoke(real, arguments);
    }
    int occurrence = calls.merge(name, 1, Integer::sum);
    for (Rule rule : rules) {
      if (rule.isFor(name, occurrence)) {
        if (rule.really) {
          method.invoke(real, arguments);
        }
        return rule.answer(method.getReturnType());
      }
    }
    try {
      Object result = method.invoke(real, arguments);
      if (name.equals("eventCounter")) {
        counters.add(result);
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

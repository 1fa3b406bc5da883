package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** The argument of {@code read} and {@code write} that says how many bytes. */
  private static final int BYTES = 2;

  /** What happens to the call that a rule is for. */
  private enum Way {
    /** It is not made. */
    INSTEAD,
    /** It is made, and its answer is another. */
    AFTERWARDS,
    /** It is made with fewer bytes. */
    SHORT,
    /** It is made after an action. */
    LATE
  }

  /** Answers one occurrence of a call, or all; knows whether it ever did. */
  private static final class Rule {
    final String call;
    final int occurrence;
    final Object answer;
    final Way way;
    volatile boolean fired;

    Rule(String call, int occurrence, Object answer, Way way) {
      this.call = call;
      this.occurrence = occurrence;
      this.answer = answer;
      this.way = way;
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
    return add(call, calls(call) + occurrence, (long) -error, Way.INSTEAD);
  }

  /** The nth of these calls from now on is made, but answers this error. */
  public Faults failAfterwards(String call, int occurrence, int error) {
    return add(call, calls(call) + occurrence, (long) -error, Way.AFTERWARDS);
  }

  /** The nth of these calls from now on throws, and does nothing. */
  public Faults fail(String call, int occurrence, Error thrown) {
    return add(call, calls(call) + occurrence, thrown, Way.INSTEAD);
  }

  /** The nth of these calls from now on is made, but throws. */
  public Faults failAfterwards(String call, int occurrence, Error thrown) {
    return add(call, calls(call) + occurrence, thrown, Way.AFTERWARDS);
  }

  /** From now on all of these calls answer this error, and do nothing. */
  public Faults failAlways(String call, int error) {
    return add(call, ALWAYS, (long) -error, Way.INSTEAD);
  }

  /** The nth of these calls from now on answers this, and does nothing. */
  public Faults answer(String call, int occurrence, long answer) {
    return add(call, calls(call) + occurrence, answer, Way.INSTEAD);
  }

  /** The nth of these reads or writes from now on moves at most so many bytes. */
  public Faults shorten(String call, int occurrence, long bytes) {
    return add(call, calls(call) + occurrence, bytes, Way.SHORT);
  }

  /** All of these reads or writes move at most so many bytes from now on. */
  public Faults shortenAlways(String call, long bytes) {
    return add(call, ALWAYS, bytes, Way.SHORT);
  }

  /** The nth of these calls from now on is made after this action, on the thread that calls. */
  public Faults delay(String call, int occurrence, Runnable before) {
    return add(call, calls(call) + occurrence, before, Way.LATE);
  }

  /** This symbol is missing. */
  public Faults without(String question) {
    return add(question, ALWAYS, 0L, Way.INSTEAD);
  }

  /** This question is answered by this text. */
  public Faults text(String question, String answer) {
    return add(question, ALWAYS, answer, Way.INSTEAD);
  }

  private Faults add(String call, int occurrence, Object answer, Way way) {
    Rule rule = new Rule(call, occurrence, answer, way);
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
        return answer(rule, method, arguments);
      }
    }
    return really(method, arguments);
  }

  private @Nullable Object answer(Rule rule, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (rule.way) {
      case INSTEAD -> {}
      case AFTERWARDS -> {
        Object _ = really(method, arguments);
      }
      case SHORT -> {
        Object[] fewer = Objects.requireNonNull(arguments).clone();
        fewer[BYTES] = Math.min((Long) fewer[BYTES], (Long) rule.answer);
        if ((Long) fewer[BYTES] < (Long) arguments[BYTES]) {
          rule.fired = true;
        }
        return really(method, fewer);
      }
      case LATE -> {
        rule.fired = true;
        ((Runnable) rule.answer).run();
        return really(method, arguments);
      }
    }
    return rule.answer(method.getReturnType());
  }

  private @Nullable Object really(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      Object result = method.invoke(real, arguments);
      if (method.getName().equals("eventCounter")) {
        counters.add(result);
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

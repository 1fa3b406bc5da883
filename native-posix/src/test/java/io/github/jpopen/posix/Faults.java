package io.github.jpopen.posix;

import io.github.jpopen.posix.libc.Posix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A {@link Posix} in front of the real one; the test makes its calls fail. */
public final class Faults {
  private static final int ALWAYS = -1;

  private record Rule(String call, int occurrence, long answer, boolean really) {}

  private final Posix real;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<String, String> texts = new ConcurrentHashMap<>();
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
    rules.add(new Rule(call, calls(call) + occurrence, -error, false));
    return this;
  }

  /** The nth of these calls from now on is made, but answers this error. */
  public Faults failAfterwards(String call, int occurrence, int error) {
    rules.add(new Rule(call, calls(call) + occurrence, -error, true));
    return this;
  }

  /** From now on all of these calls answer this error, and do nothing. */
  public Faults failAlways(String call, int error) {
    rules.add(new Rule(call, ALWAYS, -error, false));
    return this;
  }

  /** The nth of these calls from now on answers this, and does nothing. */
  public Faults answer(String call, int occurrence, long answer) {
    rules.add(new Rule(call, calls(call) + occurrence, answer, false));
    return this;
  }

  /** This symbol is missing. */
  public Faults without(String question) {
    rules.add(new Rule(question, ALWAYS, 0, false));
    return this;
  }

  /** This question is answered so. */
  public Faults text(String question, String answer) {
    texts.put(question, answer);
    return this;
  }

  /** How often this was called. */
  public int calls(String call) {
    return calls.getOrDefault(call, 0);
  }

  /** From now on no call fails. */
  public void heal() {
    rules.clear();
  }

  private @Nullable Object answer(java.lang.reflect.Method method, Object @Nullable [] arguments)
      throws Throwable {
    String name = method.getName();
    boolean wakesUp =
        (name.equals("read") || name.equals("write"))
            && arguments != null
            && counters.contains(arguments[0]);
    if (wakesUp) { // how often that happens depends on the threads
      return method.invoke(real, arguments);
    }
    int occurrence = calls.merge(name, 1, Integer::sum);
    String text = texts.get(name);
    if (text != null) {
      return text;
    }
    for (Rule rule : rules) {
      if (rule.call.equals(name) && (rule.occurrence == ALWAYS || rule.occurrence == occurrence)) {
        if (rule.really) {
          method.invoke(real, arguments);
        }
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
          return rule.answer != 0;
        }
        return type == long.class ? (Object) rule.answer : (Object) (int) rule.answer;
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

package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.StartedProcess;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import io.github.jpopen.windows.win32.Win32Exception;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Win32} in front of the real one: the test makes its calls fail, and it knows which
 * handles are open.
 */
final class Faults {
  private static final int ALWAYS = -1;

  /** Calls that make a handle. */
  private static final Set<String> MAKERS =
      Set.of(
          "duplicateHandle",
          "duplicateForWaiting",
          "createFile",
          "createNamedPipe",
          "openNamedPipe",
          "createUnnamedPipe",
          "openUnnamedPipe",
          "createPort",
          "createEvent",
          "createJob",
          "openPipeFileSystem");

  /** Calls whose handle the library keeps for the life of the process. */
  private static final Set<String> KEPT = Set.of("createPort", "createEvent", "openPipeFileSystem");

  /** Calls that answer a number, or the negated error. */
  private static final Set<String> NEGATING =
      Set.of("isSignalled", "waitForAny", "getPackets", "handleFlags", "jobProcesses", "queued");

  private static final Map<String, String> THROWING =
      Map.of(
          "fullPath",
          "GetFullPathNameW",
          "createProcess",
          "CreateProcessW",
          "attributeList",
          "UpdateProcThreadAttribute",
          "ownerOnly",
          "OpenProcessToken");

  /** What a rule does to a call. */
  private enum Effect {
    /** Answers. */
    ANSWER,
    /** Fails with an error of Windows. */
    FAIL,
    /** Throws an Error. */
    THROW
  }

  /** Answers one occurrence of a call, or all; knows whether it ever did. */
  private static final class Rule {
    final String call;
    final int occurrence;
    final long answer;
    final Effect effect;
    final boolean really;
    volatile boolean fired;

    Rule(String call, int occurrence, long answer, Effect effect, boolean really) {
      this.call = call;
      this.occurrence = occurrence;
      this.answer = answer;
      this.effect = effect;
      this.really = really;
    }

    boolean isFor(String name, int nth) {
      return call.equals(name) && (occurrence == ALWAYS || occurrence == nth);
    }

    @Override
    public String toString() {
      return call
          + (occurrence == ALWAYS ? "" : " call " + occurrence)
          + (effect == Effect.THROW ? " throws" : " answers " + answer);
    }
  }

  private final Win32 real;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Rule> allRules = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<Long, String> open = new ConcurrentHashMap<>();
  private final List<String> closedTwice = new CopyOnWriteArrayList<>();
  private final List<ProcessStart> starts = new CopyOnWriteArrayList<>();
  private final List<List<Object>> events = new CopyOnWriteArrayList<>();
  private final List<List<Long>> inherited = new CopyOnWriteArrayList<>();
  private final List<Long> pids = new CopyOnWriteArrayList<>();
  private final Win32 win32;
  private volatile boolean takesJobLists = true;

  Faults(Win32 real) {
    this.real = real;
    win32 =
        (Win32)
            Proxy.newProxyInstance(
                Win32.class.getClassLoader(),
                new Class<?>[] {Win32.class},
                (proxy, method, arguments) -> answer(method, arguments));
  }

  /** The calls to hand to a platform. */
  Win32 win32() {
    return win32;
  }

  /** The nth of these calls from now on fails with this error, and does nothing. */
  Faults fail(String call, int occurrence, int error) {
    return add(new Rule(call, calls(call) + occurrence, error, Effect.FAIL, false));
  }

  /** The nth of these calls from now on is made, but fails with this error. */
  Faults failAfterwards(String call, int occurrence, int error) {
    return add(new Rule(call, calls(call) + occurrence, error, Effect.FAIL, true));
  }

  /** From now on all of these calls fail with this error, and do nothing. */
  Faults failAlways(String call, int error) {
    return add(new Rule(call, ALWAYS, error, Effect.FAIL, false));
  }

  /** The nth of these calls from now on answers this, and does nothing. */
  Faults answer(String call, int occurrence, long answer) {
    return add(new Rule(call, calls(call) + occurrence, answer, Effect.ANSWER, false));
  }

  /** From now on all of these calls answer this, and do nothing. */
  Faults answerAlways(String call, long answer) {
    return add(new Rule(call, ALWAYS, answer, Effect.ANSWER, false));
  }

  /** The nth of these calls from now on throws an OutOfMemoryError, and does nothing. */
  Faults throwError(String call, int occurrence) {
    return add(new Rule(call, calls(call) + occurrence, 0, Effect.THROW, false));
  }

  /** The nth of these calls from now on is made, but throws an OutOfMemoryError. */
  Faults throwErrorAfterwards(String call, int occurrence) {
    return add(new Rule(call, calls(call) + occurrence, 0, Effect.THROW, true));
  }

  /** From now on all of these calls throw an OutOfMemoryError, and do nothing. */
  Faults throwErrorAlways(String call) {
    return add(new Rule(call, ALWAYS, 0, Effect.THROW, false));
  }

  /** From now on no attribute list may name a job. */
  Faults withoutJobLists() {
    takesJobLists = false;
    return this;
  }

  private Faults add(Rule rule) {
    rules.add(rule);
    allRules.add(rule);
    return this;
  }

  /** How often this was called. */
  int calls(String call) {
    return calls.getOrDefault(call, 0);
  }

  /** From now on no call fails. */
  void heal() {
    rules.clear();
  }

  /** The rules that no call has met, healed or not. */
  public List<String> unfired() {
    return allRules.stream().filter(rule -> !rule.fired).map(Rule::toString).toList();
  }

  /** The handles that are open and that the library does not keep, with the call that made each. */
  List<String> open() {
    List<String> all = new ArrayList<>();
    open.forEach(
        (handle, maker) -> {
          if (!KEPT.contains(maker)) {
            all.add(maker + " " + handle);
          }
        });
    return all;
  }

  /** All handles that are open, with the call that made each. */
  Map<Long, String> openOrKept() {
    return Map.copyOf(open);
  }

  /** The handles that this call made and that are open. */
  List<Long> handlesOf(String maker) {
    return open.keySet().stream().filter(handle -> maker.equals(open.get(handle))).toList();
  }

  /** How many handles that this call made are open, kept or not. */
  long openOf(String maker) {
    return open.values().stream().filter(maker::equals).count();
  }

  /** The handles that were closed without being open. */
  List<String> closedTwice() {
    return closedTwice;
  }

  /** The arguments of CreateProcessW, in order; the segments are dead. */
  List<ProcessStart> starts() {
    return starts;
  }

  /** How many processes were started. */
  int processes() {
    return pids.size();
  }

  /** Whether a process that was started is alive. */
  boolean anyAlive() {
    return pids.stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .anyMatch(ProcessHandle::isAlive);
  }

  /** The console events with their groups, in order. */
  List<List<Object>> events() {
    return events;
  }

  /** The lists of handles that children inherited, in order. */
  List<List<Long>> inherited() {
    return inherited;
  }

  private @Nullable Object answer(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    if (!takesJobLists && name.equals("attributeList") && arguments != null) {
      if ((Long) arguments[1] != 0) {
        throw new Win32Exception("UpdateProcThreadAttribute", Win32Errors.NOT_SUPPORTED);
      }
    }
    int occurrence = calls.merge(name, 1, Integer::sum);
    for (Rule rule : rules) {
      if (rule.isFor(name, occurrence)) {
        rule.fired = true;
        if (rule.really || rule.effect != Effect.THROW) {
          note(name, arguments);
        }
        if (rule.really) {
          invoke(method, arguments);
        }
        return ruled(rule, method);
      }
    }
    note(name, arguments);
    return invoke(method, arguments);
  }

  private static Object ruled(Rule rule, Method method) throws Win32Exception {
    if (rule.effect == Effect.THROW) {
      throw new OutOfMemoryError("injected into " + rule.call);
    }
    String throwing = THROWING.get(rule.call);
    if (throwing != null) {
      throw new Win32Exception(throwing, (int) rule.answer);
    }
    Class<?> type = method.getReturnType();
    if (type == boolean.class) {
      return rule.answer != 0;
    }
    boolean negated =
        rule.effect == Effect.FAIL && (type == long.class || NEGATING.contains(rule.call));
    long answer = negated ? -rule.answer : rule.answer;
    return type == long.class ? (Object) answer : (Object) (int) answer;
  }

  private void note(String name, Object @Nullable [] arguments) {
    if (arguments == null) {
      return;
    }
    switch (name) {
      case "closeHandle" -> {
        if (open.remove((Long) arguments[0]) == null) {
          closedTwice.add("handle " + arguments[0]);
        }
      }
      case "createProcess" -> starts.add((ProcessStart) arguments[0]);
      case "generateConsoleCtrlEvent" -> events.add(List.of(arguments));
      case "attributeList" -> {
        List<Long> handles = new ArrayList<>();
        for (long handle : (long[]) arguments[2]) {
          handles.add(handle);
        }
        inherited.add(handles);
      }
      default -> {}
    }
  }

  private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
    Object result;
    try {
      result = method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (result instanceof Long handle && handle > 0 && MAKERS.contains(method.getName())) {
      open.put(handle, method.getName());
    } else if (method.getName().equals("createProcess") && arguments != null) {
      StartedProcess started = (StartedProcess) arguments[1];
      pids.add(Integer.toUnsignedLong(started.pid()));
      open.put(started.process(), "createProcess");
      open.put(started.thread(), "createProcess");
    }
    return result;
  }
}

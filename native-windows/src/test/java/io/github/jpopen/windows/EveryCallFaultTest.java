package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.SpawnException;
import io.github.jpopen.contract.Attempt;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.windows.win32.NativeWin32;
import io.github.jpopen.windows.win32.Win32;
import io.github.jpopen.windows.win32.Win32Errors;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of {@link Win32}, and every error that it can answer here, in each use: the call is
 * repeated or replaced in silence, or the exception names the error. Nothing is left then.
 *
 * <p>Usually one error of each method, in one use. With {@code -Dio.github.jpopen.everyFault=true}
 * every error, the first, second and third time, in every use.
 */
@DisabledIfSystemProperty(
    named = "io.github.jpopen.windows.unnamedPipes",
    matches = "false",
    disabledReason = "the settings choose the pipes")
class EveryCallFaultTest {
  private static final boolean ALL = Boolean.getBoolean("io.github.jpopen.everyFault");
  private static final int MOST_OCCURRENCES = ALL ? 3 : 1;
  private static final Duration IDLE = Duration.ofMillis(1);
  private static final String MEMORY = "memory";

  private static final Set<String> FIRED = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger CASES = new AtomicInteger();
  private static final AtomicInteger UNMET = new AtomicInteger();

  private final List<String> problems = new ArrayList<>();

  /** A method with its errors; without one the reason. */
  record Row(String method, boolean afterwards, List<String> errors, String reason) {
    static List<Row> all() throws IOException {
      InputStream stream = EveryCallFaultTest.class.getResourceAsStream("methods.txt");
      try (BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Objects.requireNonNull(stream), StandardCharsets.UTF_8))) {
        return reader
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(Row::of)
            .toList();
      }
    }

    private static Row of(String line) {
      String[] cells = line.split(" *\\| *", -1);
      String[] method = cells[0].split(" ", -1);
      List<String> errors = cells[1].isEmpty() ? List.of() : List.of(cells[1].split(" +", -1));
      return new Row(method[0], method.length > 1, errors, cells[2]);
    }

    void addTo(Faults faults, String error, int nth) {
      if (error.equals(MEMORY)) {
        faults.throwError(method, nth);
      } else if (afterwards) {
        faults.failAfterwards(method, nth, Integer.parseInt(error));
      } else {
        faults.fail(method, nth, Integer.parseInt(error));
      }
    }

    @Override
    public String toString() {
      return method;
    }
  }

  /** What a use calls depends on these. */
  record Setting(CallUse use, boolean virtual, boolean unnamedPipes, boolean jobLists) {
    /** The uses, and then others that make more calls. */
    static List<Setting> all() {
      List<Setting> all = new ArrayList<>();
      for (CallUse use : CallUse.values()) {
        if (ALL || use != CallUse.CAT) { // it starts a JVM
          all.add(new Setting(use, false, true, true));
        }
      }
      all.add(new Setting(CallUse.RUN, false, false, true));
      all.add(new Setting(CallUse.TREE, false, true, false));
      all.add(new Setting(CallUse.ENDS_WITH_JVM, false, true, false));
      all.add(new Setting(CallUse.TIMEOUT, true, true, true));
      all.add(new Setting(CallUse.DIALOGUE, true, true, true));
      return all;
    }

    WindowsPlatform platform(Faults faults) {
      if (!jobLists) {
        Faults _ = faults.withoutJobLists();
      }
      return new WindowsPlatform(faults.win32(), new Settings(unnamedPipes, false, true, IDLE));
    }

    @Override
    public String toString() {
      return use
          + (virtual ? ", virtual" : "")
          + (unnamedPipes ? "" : ", named pipes")
          + (jobLists ? "" : ", no job lists");
    }
  }

  /** Those that are tried: each method has another one of its list. */
  private static List<String> errors(Row row) {
    int share = Math.floorMod(row.method().hashCode(), row.errors().size());
    return ALL ? row.errors() : List.of(row.errors().get(share));
  }

  // Of each use without a fault, the calls that can fail.
  static List<Arguments> cases() throws Exception {
    List<Row> rows = Row.all().stream().filter(row -> !row.errors().isEmpty()).toList();
    List<Arguments> cases = new ArrayList<>();
    Set<String> met = new HashSet<>();
    for (Setting setting : Setting.all()) {
      Faults none = new Faults(new NativeWin32());
      WindowsPlatform platform = setting.platform(none);
      Platforms.substitute(platform);
      try {
        assertThat(Attempt.failure(setting.use()::run, setting.virtual()))
            .as("%s", setting)
            .isNull();
      } finally {
        Platforms.restore(platform);
      }
      assertThat(left(none)).as("%s", setting).isEmpty();
      for (Row row : rows) {
        int calls = Math.min(MOST_OCCURRENCES, none.calls(row.method()));
        if (calls > 0 && (met.add(row.method()) || ALL)) {
          cases.add(Arguments.of(row, setting, calls));
        }
      }
    }
    return cases;
  }

  @Test
  void everyMethodHasErrorsOrAReason() throws IOException {
    List<Row> rows = Row.all();
    assertThat(rows.stream().map(Row::method))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Win32.class.getMethods()).map(Method::getName).distinct().toList());
    assertThat(rows)
        .allSatisfy(row -> assertThat(row.errors().isEmpty()).isNotEqualTo(row.reason().isEmpty()));
  }

  @AfterAll
  static void everyMethodHasFailed() throws IOException {
    if (CASES.get() == 0) {
      return;
    }
    System.out.println(
        "every call: " + CASES + " faults in " + FIRED.size() + " methods, " + UNMET + " not met");
    if (CASES.get() > 40) { // not if one case is run by its name
      assertThat(UNMET.get()).isLessThan(1 + CASES.get() / 10);
      assertThat(FIRED)
          .containsAll(
              Row.all().stream().filter(row -> !row.errors().isEmpty()).map(Row::method).toList());
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  @EnabledOnOs(OS.WINDOWS)
  void everyErrorIsInvisibleOrReported(Row row, Setting setting, int calls) throws Exception {
    for (String error : errors(row)) {
      for (int nth = 1; nth <= calls; nth++) {
        fail(row, error, nth, setting);
      }
    }
    assertThat(problems).isEmpty();
  }

  private void fail(Row row, String error, int nth, Setting setting) throws Exception {
    Faults faults = new Faults(new NativeWin32());
    WindowsPlatform platform = setting.platform(faults);
    row.addTo(faults, error, nth);
    String what = error + " at call " + nth + ": ";
    Platforms.substitute(platform);
    try {
      Throwable failure = Attempt.failure(setting.use()::run, setting.virtual());
      boolean fired = faults.unfired().isEmpty();
      FIRED.addAll(fired ? List.of(row.method()) : List.of()); // it may be made less often
      int _ = (fired ? CASES : UNMET).incrementAndGet();
      if (failure != null && !names(failure, error)) {
        problems.add(what + Attempt.text(failure));
      }
      faults.heal();
      Throwable next = Attempt.failure(CallUse::runNext, setting.virtual());
      if (next != null) {
        problems.add(what + "the next child: " + Attempt.text(next));
      }
    } finally {
      Platforms.restore(platform);
    }
    String left = left(faults);
    if (!left.isEmpty()) {
      problems.add(what + "left: " + left);
    }
  }

  /** What is not closed, or lives, a moment after the use. */
  private static String left(Faults faults) {
    boolean nothing =
        Win32Test.awaitWithin(
            5_000_000_000L, () -> faults.openOrKept().isEmpty() && !faults.anyAlive());
    String twice = faults.closedTwice().isEmpty() ? "" : "closed twice " + faults.closedTwice();
    return nothing ? twice : faults.openOrKept() + ", alive: " + faults.anyAlive() + twice;
  }

  // An exception that names the error: a user learns what has happened.
  private static boolean names(Throwable failure, String error) {
    if (failure instanceof AssertionError) {
      return false;
    }
    boolean memory = error.equals(MEMORY);
    String name =
        Win32Errors.name(memory ? Win32Errors.NOT_ENOUGH_MEMORY : Integer.parseInt(error));
    for (Throwable e = failure; e != null; e = e.getCause()) {
      boolean named = e instanceof SpawnException refused && refused.errorName().equals(name);
      if (named
          || String.valueOf(e.getMessage()).contains(name)
          || (memory && e instanceof OutOfMemoryError)) {
        return true;
      }
    }
    return false;
  }
}

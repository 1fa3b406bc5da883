package io.github.jpopen.posix.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.SpawnException;
import io.github.jpopen.contract.Attempt;
import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.Faults;
import io.github.jpopen.posix.PosixPlatform;
import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.posix.Settings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.spawn.SpawnTier;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of {@link Posix}, and every error that it can answer here, the first, second and
 * third time, in each use: the call is repeated or replaced in silence, or the exception names the
 * error.
 */
class EveryCallFaultTest extends PosixTest {
  private static final int ERRORS = 1;
  private static final int REASON = 2;
  private static final int MOST_OCCURRENCES = 3;
  private static final String SHORT = "short";
  private static final Duration IDLE = Duration.ofMillis(1);

  private static final Set<String> FIRED = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger CASES = new AtomicInteger();
  private static final AtomicInteger UNMET = new AtomicInteger();

  private final UsedPlatform used = new UsedPlatform();
  private final List<String> problems = new ArrayList<>();

  private static List<KernelRow> rows() throws IOException {
    return KernelRow.of("methods.txt").toList();
  }

  private static String method(KernelRow row) {
    return row.words(0).getFirst();
  }

  private static List<String> errors(KernelRow row) {
    return row.cell(ERRORS).isEmpty() ? List.of() : row.words(ERRORS);
  }

  /** What a use calls depends on these. */
  record Setting(CallUse use, boolean virtual, SpawnTier tier) {
    private static final int USUAL = 4;
    private static final List<Setting> ALL = all();

    /** The usual uses, and then those that make more calls. */
    static List<Setting> all() {
      SpawnTier usual = Settings.ofSystemProperties().tier();
      List<Setting> all = new ArrayList<>();
      all.add(new Setting(CallUse.RUN, false, usual));
      all.add(new Setting(CallUse.TIMEOUT, false, usual));
      all.add(new Setting(CallUse.WAIT, false, usual));
      all.add(new Setting(CallUse.TIMEOUT, true, usual));
      for (CallUse use : CallUse.values()) {
        all.add(new Setting(use, use == CallUse.KILLED_RUN || use == CallUse.WAIT_TWICE, usual));
      }
      if (usual == SpawnTier.CLOEXEC_DEFAULT) { // or they are used anyway
        all.add(new Setting(CallUse.RUN, false, SpawnTier.CLOSE_RANGE));
        all.add(new Setting(CallUse.RUN, false, SpawnTier.UNSHARE));
      }
      return List.copyOf(new LinkedHashSet<>(all)); // some stand among the usual ones, too
    }

    boolean isUsual() {
      return ALL.indexOf(this) < USUAL;
    }

    PosixPlatform platform(Faults faults) {
      Settings usual = Settings.ofSystemProperties();
      return new PosixPlatform(
          faults.posix(), new Settings(tier, usual.pidfd(), usual.epoll(), IDLE));
    }

    @Override
    public String toString() {
      return use + (virtual ? ", virtual, " : ", platform, ") + tier;
    }
  }

  // Of each use without a fault, the calls that can fail.
  static List<Arguments> cases() throws Exception {
    List<KernelRow> rows = rows().stream().filter(row -> !errors(row).isEmpty()).toList();
    List<Arguments> cases = new ArrayList<>();
    Set<String> met = new HashSet<>();
    UsedPlatform used = new UsedPlatform();
    try {
      for (Setting setting : Setting.ALL) {
        Faults none = new Faults(HOST);
        used.replace(setting.platform(none));
        assertThat(Attempt.failure(setting.use()::run, setting.virtual()))
            .as("%s", setting)
            .isNull();
        for (KernelRow row : rows) {
          int calls = Math.min(MOST_OCCURRENCES, none.calls(method(row)));
          boolean isNew = met.add(method(row) + calls);
          if (calls > 0 && (isNew || setting.isUsual())) {
            cases.add(Arguments.of(method(row), setting, row, calls));
          }
        }
      }
    } finally {
      used.restore();
    }
    return cases;
  }

  @Test
  void everyMethodHasErrorsOrAReason() throws IOException {
    List<KernelRow> rows = rows();
    assertThat(rows.stream().map(EveryCallFaultTest::method))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Posix.class.getMethods()).map(Method::getName).distinct().toList());
    assertThat(rows)
        .allSatisfy(
            row -> assertThat(errors(row).isEmpty()).isNotEqualTo(row.cell(REASON).isEmpty()));
  }

  @AfterAll
  static void everyMethodHasFailed() throws IOException {
    System.out.println(
        "every call: " + CASES + " faults in " + FIRED.size() + " methods, " + UNMET + " not met");
    if (CASES.get() > 500) { // not if one case is run by its name
      assertThat(UNMET.get()).isLessThan(CASES.get() / 10);
      assertThat(FIRED)
          .containsAll(
              rows().stream()
                  .filter(row -> !errors(row).isEmpty())
                  .map(EveryCallFaultTest::method)
                  .toList());
    }
  }

  @AfterEach
  void useTheUsual() throws ReflectiveOperationException {
    used.restore();
    System.gc(); // closes what the pools of all the platforms keep
  }

  @BeforeEach
  void assumeUsualWay() {
    KernelTest.assumeUsualWay();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  @Covers("promise 21")
  void everyErrorIsInvisibleOrReported(String method, Setting setting, KernelRow row, int calls)
      throws Exception {
    for (String error : errors(row)) {
      for (int nth = 1; nth <= calls; nth++) {
        fail(row, error, nth, setting);
      }
    }
    assertThat(problems).isEmpty();
  }

  private void fail(KernelRow row, String error, int nth, Setting setting) throws Exception {
    Faults faults = new Faults(HOST);
    add(faults, row, error, nth);
    used.replace(setting.platform(faults));
    Throwable failure = Attempt.failure(setting.use()::run, setting.virtual());
    if (faults.unfired().isEmpty()) {
      CASES.incrementAndGet();
      FIRED.add(method(row));
    } else {
      UNMET.incrementAndGet(); // this time the call was not made so often
    }
    String what = error + " at call " + nth + ": ";
    if (failure != null && !names(failure, error, setting.use())) {
      problems.add(what + Attempt.text(failure));
    }
    faults.heal();
    Throwable next = Attempt.failure(CallUse::runNext, setting.virtual());
    if (next != null) {
      problems.add(what + "the next child: " + Attempt.text(next));
    }
  }

  private static void add(Faults faults, KernelRow row, String error, int nth) {
    String method = method(row);
    if (error.equals(SHORT)) {
      faults.shorten(method, nth, 1);
    } else if (row.words(0).size() > 1) {
      faults.failAfterwards(method, nth, number(error));
    } else {
      faults.fail(method, nth, number(error));
    }
  }

  // An exception that names the error: a user learns what has happened.
  private static boolean names(Throwable failure, String error, CallUse use) {
    if (failure instanceof AssertionError) {
      return false;
    }
    for (Throwable e = failure; e != null; e = e.getCause()) {
      boolean named = e instanceof SpawnException refused && refused.errorName().equals(error);
      if (named || String.valueOf(e.getMessage()).contains(error)) {
        return true;
      }
    }
    String message = String.valueOf(failure.getMessage());
    boolean closed = error.equals("EBADF") && message.contains("closed");
    // A umask and the like may need a call that fails.
    return closed || (use == CallUse.SPECIAL && failure instanceof UnsupportedOperationException);
  }

  private static int number(String name) {
    for (int number = 1; number < 200; number++) {
      if (HOST.constants().errorName(number).equals(name)) {
        return number;
      }
    }
    throw new IllegalArgumentException(name);
  }
}

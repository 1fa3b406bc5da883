package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.Usage;
import io.github.jpopen.windows.win32.Win32Errors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The peak of the memory of a child, which Windows knows while the handle is open. */
@EnabledOnOs(OS.WINDOWS)
class ChildUsageTest extends Win32Test {
  private static final long MEBIBYTE = 1 << 20;
  private static final long FILLED = 60 * MEBIBYTE;
  private static final long NOTICED = 48 * MEBIBYTE;
  private static final long PEAK = 5_000_000_000L; // more than an int holds
  private static final String CALL = "peakWorkingSet";

  @Test
  void callCountsTheMemoryOfALivingChild() throws Exception {
    long small = peakWith(1);
    assertThat(small).isPositive();
    assertThat(peakWith(FILLED)).isBetween(small + NOTICED, small + 2 * FILLED);
  }

  // Wine, unlike Windows, forgets the peak when the child ends.
  private long peakWith(long filled) throws Exception {
    List<Long> others = faults.handlesOf("createProcess");
    StepDriver driver =
        start(SpawnRequests.child("FILL", Long.toString(filled), "OUT", "41", "LIVE")).idleInput();
    while (driver.stdout().isEmpty()) {
      driver.step(Duration.ofSeconds(50));
    }
    List<Long> handles = new ArrayList<>(faults.handlesOf("createProcess"));
    handles.removeAll(others);
    assertThat(handles).as("the handle of the process").hasSize(1);
    return real.peakWorkingSet(handles.getFirst());
  }

  private Usage usage() throws Exception {
    StepDriver driver = start(SpawnRequests.shell("exit 3"));
    driver.text();
    return Objects.requireNonNull(driver.child().usage(), "the times are unknown, too");
  }

  @Test
  void peakIsWhatTheCallAnswers() throws Exception {
    faults.answer(CALL, 1, PEAK);
    assertThat(usage().peakBytes()).isEqualTo(PEAK);
    assertThat(faults.calls(CALL)).as("calls for one child").isEqualTo(1);
  }

  @Test
  void noPeakIsUnknown() throws Exception {
    faults.answer(CALL, 1, 0);
    assertOnlyTimesAreKnown();
  }

  @Test
  void failedCallLeavesThePeakUnknown() throws Exception {
    faults.fail(CALL, 1, Win32Errors.ACCESS_DENIED);
    assertOnlyTimesAreKnown();
  }

  @Test
  void shortageOfMemoryLeavesThePeakUnknown() throws Exception {
    faults.throwError(CALL, 1);
    assertOnlyTimesAreKnown();
  }

  private void assertOnlyTimesAreKnown() throws Exception {
    assertThat(usage().peakBytes()).isEqualTo(Usage.UNKNOWN);
  }
}

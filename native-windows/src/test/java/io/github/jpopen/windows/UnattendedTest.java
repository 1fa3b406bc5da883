package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.Signals;
import io.github.jpopen.windows.child.WindowsChild;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child that was handed to a user and has ended holds no handle; its exit and bytes are kept. */
@EnabledOnOs(OS.WINDOWS)
class UnattendedTest extends Win32Test {
  private static final int CHILDREN = 20;

  private StepDriver unattended(SpawnRequests request) throws Exception {
    StepDriver driver = start(request);
    ((WindowsChild) driver.child()).unattended();
    return driver;
  }

  private static SpawnRequests talker() {
    return SpawnRequests.shell("echo a& echo b>&2& exit 3").stdin(new Null());
  }

  private void awaitNothingHeld() {
    await("nothing is held", () -> faults.open().isEmpty());
  }

  @Test
  void endedChildrenHoldNoHandle() throws Exception {
    List<StepDriver> drivers = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      drivers.add(unattended(talker()));
    }
    awaitNothingHeld();
    for (StepDriver driver : drivers) {
      assertThat(driver.child().signal(Signals.SIGTERM)).isFalse();
      assertThat(driver.text()).startsWith("a");
      assertThat(driver.stderr()).startsWith("b");
      assertThat(driver.status()).isEqualTo(new Exited(3));
    }
  }

  @Test
  void muchOutputIsKept() throws Exception {
    byte[] input = new byte[200_000];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) ((i * 31) >> 3);
    }
    StepDriver driver = unattended(SpawnRequests.child("CAT").stderr(new Null())).input(input);
    while (driver.log().isEmpty()) { // until its input is closed; some output may have been read
      driver.step(Duration.ofSeconds(30));
    }
    awaitNothingHeld();
    driver.text();
    assertThat(driver.stdoutBytes()).isEqualTo(input);
    assertThat(driver.status()).isEqualTo(new Exited(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void closedChildGivesUpWhatWasKept(boolean ended) throws Exception {
    StepDriver driver = unattended(ended ? talker() : SpawnRequests.of("cmd.exe"));
    if (ended) {
      awaitNothingHeld();
    }
    driver.child().signal(Signals.SIGKILL);
    driver.close();
    awaitNothingHeld();
  }

  @Test
  void livingChildIsLeftAlone() throws Exception {
    StepDriver driver = unattended(SpawnRequests.shell("set /p x=& echo a& exit 3"));
    assertThat(driver.run(Duration.ZERO)).isFalse();
    assertThat(driver.input(new byte[] {'\r', '\n'}).closesInput().text()).startsWith("a");
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  @Test
  void stepsMayRunWhileTheChildEnds() throws Exception {
    for (int i = 0; i < CHILDREN; i++) {
      StepDriver driver = unattended(talker());
      while (!driver.isOver()) {
        driver.step(Duration.ofMillis(1));
      }
      assertThat(driver.stdout()).startsWith("a");
      assertThat(driver.stderr()).startsWith("b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"readFile", "post", "isSignalled", "exitCode", "waitForAny"})
  void errorWhileItIsGivenBackLosesNothing(String call) throws Exception {
    StepDriver driver = start(talker());
    faults.throwError(call, 1);
    ((WindowsChild) driver.child()).unattended();
    await("it has ended", () -> faults.openOf("duplicateForWaiting") == 0);
    assertThat(driver.text()).startsWith("a");
    assertThat(driver.stderr()).startsWith("b");
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }
}

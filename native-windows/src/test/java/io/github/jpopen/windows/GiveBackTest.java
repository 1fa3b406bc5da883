package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.WindowsChild;
import io.github.jpopen.windows.win32.Win32Errors;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At a limit of Windows children that have ended give back what they hold. */
@EnabledOnOs(OS.WINDOWS)
class GiveBackTest extends Win32Test {
  private static SpawnRequests talker() {
    return SpawnRequests.shell("echo a& exit 3").stdin(new Null()).stderr(new Null());
  }

  /** An ended child that a user has, and whose exit no thread waits for. */
  private StepDriver unnoticed() throws Exception {
    StepDriver driver = start(talker());
    faults.throwError("duplicateForWaiting", 1);
    ((WindowsChild) driver.child()).unattended();
    await("it has ended", () -> !isAlive(driver.child().pid()));
    assertThat(faults.openOf("createProcess")).isOne();
    return driver;
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void assertFine(StepDriver driver) throws Exception {
    assertThat(driver.text()).startsWith("a");
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  @ParameterizedTest
  @CsvSource({
    "createProcess, NO_SYSTEM_RESOURCES",
    "createProcess, NOT_ENOUGH_QUOTA",
    "setInheritable, NOT_ENOUGH_MEMORY",
    "createFile, TOO_MANY_OPEN_FILES",
    "attributeList, OUTOFMEMORY",
    "bind, COMMITMENT_LIMIT"
  })
  void startGivesBackFirst(String call, String error) throws Exception {
    StepDriver ended = unnoticed();
    int number = Win32Errors.class.getField(error).getInt(null);
    faults.fail(call, 1, number);
    assertFine(start(talker()));
    await("its handles are closed", () -> faults.openOf("createProcess") == 0);
    assertFine(ended);
  }

  @Test
  void platformGivesBackOnce() throws Exception {
    StepDriver ended = unnoticed();
    assertThat(platform.giveBack()).isTrue();
    assertThat(faults.open()).as("held when the start is tried again").isEmpty();
    assertFine(ended);
  }

  /** The thread that waits for exits was faster than the thread that has met a limit. */
  @Test
  void exitThatAnotherThreadHasSeenCountsOnce() throws Exception {
    StepDriver ended = start(talker());
    ((WindowsChild) ended.child()).unattended();
    await("its handles are closed: " + faults.open(), () -> faults.open().isEmpty());
    assertThat(platform.giveBack()).as("there is more than before").isTrue();
    assertThat(platform.giveBack()).isFalse();
    assertFine(ended);
  }

  @Test
  void waitGivesBackFirst() throws Exception {
    StepDriver ended = unnoticed();
    StepDriver living = start(SpawnRequests.shell("set /p x=& exit 3")).idleInput();
    faults.fail("duplicateForWaiting", 1, Win32Errors.NO_SYSTEM_RESOURCES);
    assertThat(living.run(Duration.ofMillis(500))).isFalse();
    await("nothing of the other is held", () -> faults.openOf("createProcess") == 1);
    living.input(new byte[] {'\r', '\n'}).closesInput().text();
    assertThat(living.status()).isEqualTo(new Exited(3));
    assertFine(ended);
  }

  @Test
  void livingChildrenKeepWhatTheyHave() throws Exception {
    StepDriver living = start(SpawnRequests.shell("set /p x=& exit 3")).idleInput();
    ((WindowsChild) living.child()).unattended();
    boolean _ = platform.giveBack();
    assertThat(faults.openOf("createProcess")).isOne();
    faults.failAlways("createProcess", Win32Errors.NO_SYSTEM_RESOURCES);
    assertThatExceptionOfType(SpawnRefused.class).isThrownBy(() -> start(talker()));
    heal();
    living.input(new byte[] {'\r', '\n'}).closesInput().text();
    assertThat(living.status()).isEqualTo(new Exited(3));
  }
}

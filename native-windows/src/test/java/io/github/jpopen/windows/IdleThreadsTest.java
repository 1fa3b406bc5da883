package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.Termination.Exited;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The port thread and the exit threads end with their handles, and start again. */
@EnabledOnOs(OS.WINDOWS)
class IdleThreadsTest extends Win32Test {
  private final WindowsPlatform quick =
      platform(new Settings(true, false, true, Duration.ofMillis(50)));

  private void assertNothingIsOpen() {
    await("the port is closed", () -> faults.openOf("createPort") == 0);
    await("the events are closed", () -> faults.openOf("createEvent") == 0);
    await("the file system is closed", () -> faults.openOf("openPipeFileSystem") == 0);
    assertThat(quick.services().children().exitWaiters().threads()).isZero();
  }

  @Test
  void idleThreadsEndAndStartAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      StepDriver driver = start(quick, SpawnRequests.shell("echo a& exit 3"));
      assertThat(driver.text()).startsWith("a");
      assertThat(driver.status()).isEqualTo(new Exited(3));
      driver.close();
      assertNothingIsOpen();
    }
    assertThat(faults.calls("createPort")).isEqualTo(3);
  }

  @Test
  void openPipeKeepsThePort() throws Exception {
    StepDriver driver = start(quick, SpawnRequests.shell("set /p x=& echo a")).idleInput();
    driver.step(Duration.ZERO);
    int before = faults.calls("getPackets");
    await("the idle time has passed", () -> faults.calls("getPackets") > before + 4);
    assertThat(driver.input(new byte[] {'\r', '\n'}).closesInput().text()).startsWith("a");
    assertThat(faults.calls("createPort")).isEqualTo(1);
    driver.close();
    assertNothingIsOpen();
  }

  @Test
  void failedSpawnKeepsNoPort() throws Exception {
    faults.failAlways("createProcess", 87);
    assertThatThrownBy(() -> start(quick, SpawnRequests.shell("exit 3")))
        .isInstanceOf(SpawnRefused.class);
    heal();
    assertNothingIsOpen();
  }
}

package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.seam.StepDriver;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.spi.Termination.Exited;
import io.github.jpopen.windows.child.Signals;
import io.github.jpopen.windows.win32.ProcessStart;
import io.github.jpopen.windows.win32.Win32.FileUse;
import io.github.jpopen.windows.wine.WineSession;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The arguments of CreateProcessW and GenerateConsoleCtrlEvent. */
@EnabledOnOs(OS.WINDOWS)
class SpawnArgumentsTest extends Win32Test {
  private static final int CREATE_NEW_PROCESS_GROUP = 0x200;
  private static final int CREATE_NO_WINDOW = 0x08000000;

  private final WindowsPlatform hiding = platform(new Settings(true, true, true));

  private int flags(WindowsPlatform where, SpawnRequests request) throws Exception {
    start(where, request).text();
    return faults.starts().getLast().flags();
  }

  @Test
  @Covers("Win32.test_close_fds_with_stdio")
  void childInheritsItsHandlesOnce() throws Exception {
    start(SpawnRequests.shell("exit 3").stderr(new ToStdout())).text();
    ProcessStart start = faults.starts().getLast();
    assertThat(start.stderr()).isEqualTo(start.stdout());
    assertThat(faults.inherited().getLast()).containsExactly(start.stdin(), start.stdout());
    start(SpawnRequests.shell("exit 3").noStreams()).text();
    start = faults.starts().getLast();
    assertThat(faults.inherited().getLast())
        .containsExactly(start.stdin(), start.stdout(), start.stderr())
        .doesNotContain(0L);
  }

  @Test
  @Covers({"Win32.test_close_fds", "Win32.test_close_fds_with_stdio"})
  void ourInheritableHandlesAreNotInherited() throws Exception {
    List<Long> ours = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("NUL", StandardCharsets.UTF_16LE);
      for (int i = 0; i < 1_000; i++) { // so many that the child has no handle of the last number
        ours.add(real.createFile(name, FileUse.BOTH));
      }
      long last = ours.getLast();
      assertThat(real.setInheritable(last, true)).isZero();
      assertThat(flagsInAChild(last)).isNegative();
      assertThat(flagsInAChild(0)).as("its stdout").isNotNegative();
    } finally {
      ours.forEach(real::closeHandle);
    }
  }

  private int flagsInAChild(long handle) throws Exception {
    StepDriver driver = start(SpawnRequests.main(HandleProgram.class, Long.toString(handle)));
    return Integer.parseInt(driver.text().strip());
  }

  @Test
  void consoleIsHiddenIfTheChildDoesNotShareOurs() throws Exception {
    faults.answerAlways("hasConsole", 0);
    assertThat(flags(hiding, SpawnRequests.shell("exit 3"))).isEqualTo(CREATE_NO_WINDOW);
    assertThat(flags(hiding, SpawnRequests.shell("exit 3").noStreams()))
        .isEqualTo(CREATE_NO_WINDOW);
    assertThat(flags(hiding, SpawnRequests.shell("exit 3").stderr(new Inherit()))).isZero();
    assertThat(flags(hiding, SpawnRequests.shell("exit 3").stdin(new Inherit()))).isZero();
    assertThat(flags(platform, SpawnRequests.shell("exit 3"))).as("switched off").isZero();
    heal();
    faults.answerAlways("hasConsole", 1);
    assertThat(flags(hiding, SpawnRequests.shell("exit 3"))).as("it shares ours").isZero();
  }

  @Test
  void flagsOfTheCallerAreKept() throws Exception {
    faults.answerAlways("hasConsole", 0);
    assertThat(flags(hiding, SpawnRequests.shell("exit 3").creationFlags(CREATE_NEW_PROCESS_GROUP)))
        .isEqualTo(CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP);
  }

  @Test
  void childWithAHiddenConsoleMovesBytes() throws Exception {
    faults.answerAlways("hasConsole", 0);
    StepDriver driver = start(hiding, SpawnRequests.child("CAT", "EXIT", "3").stderr(new Null()));
    driver.input(new byte[300_000]).text();
    assertThat(driver.stdoutBytes()).isEqualTo(new byte[300_000]);
    assertThat(driver.status()).isEqualTo(new Exited(3));
  }

  @Test
  void consoleEventsGoToTheGroupOfTheChild() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cmd.exe").creationFlags(CREATE_NEW_PROCESS_GROUP));
    int group = (int) driver.child().pid();
    faults.answerAlways("generateConsoleCtrlEvent", 0);
    assertThat(driver.child().signal(Signals.CTRL_C_EVENT)).isTrue();
    assertThat(driver.child().signal(Signals.CTRL_BREAK_EVENT)).isTrue();
    assertThat(faults.events()).containsExactly(List.of(0, group), List.of(1, group));
  }

  /** The child shares the console of our program, although that has no window. */
  @Test
  void consoleEventArrives() throws Exception {
    boolean wine = WineSession.isWine(); // its server knows no CTRL_BREAK_EVENT
    String event = wine ? "CTRL_C_EVENT" : "CTRL_BREAK_EVENT";
    StepDriver driver =
        start(SpawnRequests.main(ConsoleEventProgram.class, event).creationFlags(CREATE_NO_WINDOW));
    assertThat(driver.text()).isEqualTo("ready true " + (wine ? 40 : 41));
  }

  /** The same console: a child with a group of its own is asked, and ends in time. */
  @Test
  void stopAsksByAConsoleEvent() throws Exception {
    StepDriver driver =
        start(
            SpawnRequests.main(ConsoleEventProgram.class, "stop").creationFlags(CREATE_NO_WINDOW));
    int code = WineSession.isWine() ? 40 : 41;
    assertThat(driver.text()).isEqualTo("ready Exited[code=" + code + "] CALLER: CTRL_BREAK_EVENT");
  }

  @Test
  void failedConsoleEventIsReported() throws Exception {
    StepDriver driver = start(SpawnRequests.of("cmd.exe").creationFlags(CREATE_NEW_PROCESS_GROUP));
    if (!WineSession.isWine()) {
      faults.failAlways("generateConsoleCtrlEvent", 6);
    }
    String name = WineSession.isWine() ? "ERROR_INVALID_ACCESS" : "ERROR_INVALID_HANDLE";
    for (int event : new int[] {Signals.CTRL_C_EVENT, Signals.CTRL_BREAK_EVENT}) {
      assertThatThrownBy(() -> driver.child().signal(event))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("GenerateConsoleCtrlEvent")
          .hasMessageContaining(name);
    }
    assertThat(driver.child().signal(0)).as("it lives").isTrue();
  }
}

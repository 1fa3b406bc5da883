package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.Redirect;
import io.github.jpopen.windows.win32.NativeWin32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.WINDOWS)
class HandlesTest {
  private static final int SPAWNS = Integer.getInteger("io.github.jpopen.windows.spawns", 100);
  private static final int HIGHEST = 1 << 15;
  private static final int SPARE = 12;

  private final NativeWin32 win32 = new NativeWin32();

  // GetProcessHandleCount answers 0 under Wine, so every value that a handle may have is tried.
  private int openHandles() {
    int count = 0;
    for (long handle = 4; handle < HIGHEST; handle += 4) {
      count += win32.handleFlags(handle) >= 0 ? 1 : 0;
    }
    return count;
  }

  @Test
  void spawnsLeaveAlmostNoHandles() throws Exception {
    Command<byte[]> command =
        Command.of("cmd.exe", "/c", "exit 7").stdin(Redirect.DEVNULL).captureOutput();
    for (int i = 0; i < 5; i++) {
      assertThat(command.run().returncode()).isEqualTo(7);
    }
    int before = openHandles();
    long start = System.nanoTime();
    for (int i = 0; i < SPAWNS; i++) {
      assertThat(command.run().returncode()).isEqualTo(7);
    }
    int after = openHandles();
    System.out.printf(
        "windows: %d spawns in %d ms, handles %d before, %d after%n",
        SPAWNS, (System.nanoTime() - start) / 1_000_000, before, after);
    assertThat(after).isLessThan(before + SPARE);
  }
}

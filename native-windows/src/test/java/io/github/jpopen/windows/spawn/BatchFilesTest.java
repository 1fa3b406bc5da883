package io.github.jpopen.windows.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.bat",
        "a.cmd",
        "a.BAT",
        "A.CmD",
        "a.bat.",
        "a.bat ",
        "a.bat. .",
        "a.cmd . . ",
        "C:\\x y\\a.bat",
        "C:/x/a.cmd",
        "..\\a.bat",
        ".bat",
        "C:a.bat",
        "a.bat::$DATA",
        "\\\\?\\C:\\a.bat. ",
        "a.exe.bat",
        "a.bat\t"
      })
  void batchFilesAreRefusedInEverySpelling(String file) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchFiles.refuse(file))
        .withMessageContaining("CVE-2024-24576");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.exe",
        "a.com",
        "bat",
        "cmd.exe",
        "C:\\x.bat\\a.exe",
        "a.bat.exe",
        "a.batch",
        "C:\\a"
      })
  void otherFilesAreAccepted(String file) {
    assertThat(BatchFiles.isBatch(file)).isFalse();
  }
}

package io.github.jpopen.windows.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Remove;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentBlockTest {
  private static String block(Map<String, String> inherited, EnvironmentChange... changes) {
    return new EnvironmentBlock(inherited, List.of(changes)).text();
  }

  @Test
  void variablesAreSortedByUpperCase() {
    assertThat(block(Map.of("b", "2", "A", "1", "_", "4", "C", "3", "=C:", "C:\\x")))
        .isEqualTo("=C:=C:\\x\0A=1\0b=2\0C=3\0_=4\0\0");
  }

  @Test
  @Covers("test_win32_duplicate_envs")
  void lastOfEqualNamesWins() {
    assertThat(block(Map.of("Path", "old"), new Put("PATH", "new"))).isEqualTo("PATH=new\0\0");
    assertThat(block(Map.of(), new Put("a", "1"), new Put("A", "2"))).isEqualTo("A=2\0\0");
  }

  /** Their upper case is that of another letter, but not the other way round. */
  @Test
  void namesDifferAsOnWindows() {
    assertThat(block(Map.of("ID", "1"), new Put("\u0131D", "2"), new Put("i\u017f", "3")))
        .contains("ID=1\0")
        .contains("\u0131D=2\0")
        .contains("i\u017f=3\0");
    assertThat(block(Map.of("\u00e9", "1"), new Put("\u00c9", "2"))).isEqualTo("\u00c9=2\0\0");
  }

  @Test
  void oneOfEqualInheritedNamesIsChosen() {
    assertThat(block(Map.of("PATH", "1", "Path", "2"))).isEqualTo("Path=2\0\0");
    assertThat(block(Map.of("Path", "2", "PATH", "1"))).isEqualTo("Path=2\0\0");
  }

  @Test
  void inheritedVariablesMayBeLonger() {
    String value = "x".repeat(EnvironmentBlock.LONGEST_ENTRY);
    assertThat(block(Map.of("BIG", value))).hasSize(value.length() + 6);
    assertThatIllegalArgumentException().isThrownBy(() -> block(Map.of(), new Put("BIG", value)));
  }

  @Test
  void removeIgnoresTheCase() {
    assertThat(block(Map.of("Path", "x"), new Remove("pATH"))).isEqualTo("\0\0");
  }

  @Test
  void systemRootIsRestored() {
    assertThat(block(Map.of("SYSTEMROOT", "C:\\Windows", "X", "y"), new Clear()))
        .isEqualTo("SystemRoot=C:\\Windows\0\0");
    assertThat(block(Map.of("SystemRoot", "a"), new Put("systemroot", "b")))
        .isEqualTo("systemroot=b\0\0");
  }

  @Test
  @Covers("test_win32_invalid_env")
  void equalsSignMayOnlyBeFirst() {
    assertThat(block(Map.of(), new Put("=D:", "D:\\"))).isEqualTo("=D:=D:\\\0\0");
    assertThatIllegalArgumentException().isThrownBy(() -> block(Map.of(), new Put("a=b", "c")));
    assertThatIllegalArgumentException().isThrownBy(() -> block(Map.of(), new Put("==a", "c")));
  }

  @Test
  void tooLongEntryIsRefusedWithoutItsValue() {
    String value = "v".repeat(EnvironmentBlock.LONGEST_ENTRY - 2);
    assertThat(block(Map.of(), new Put("A", value))).hasSize(EnvironmentBlock.LONGEST_ENTRY + 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> block(Map.of(), new Put("AB", value)))
        .withMessage(
            "environment variable \"AB\" has 32767 UTF-16 units with its name, the limit is 32766:"
                + " pass long values in a file or by stdin");
  }
}

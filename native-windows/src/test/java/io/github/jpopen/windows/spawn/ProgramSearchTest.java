package io.github.jpopen.windows.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgramSearchTest {
  private static final Set<String> FILES =
      Set.of(
          "C:\\a\\tool.exe",
          "C:\\b\\tool.com",
          "C:\\b\\tool.exe",
          "C:\\b\\plain",
          "C:\\b\\x.bat",
          "here.exe",
          ".\\here.exe",
          "C:\\b\\python3.11.exe",
          "\\\\host\\share\\far.exe");

  private static @Nullable String find(String name, String path, @Nullable String pathExt) {
    return new ProgramSearch(pathExt, FILES::contains).find(name, path);
  }

  @Test
  void firstDirectoryWins() {
    assertThat(find("tool", "C:\\none;C:\\a;C:\\b", null)).isEqualTo("C:\\a\\tool.exe");
    assertThat(find("tool.exe", "C:\\b\\;C:\\a", null)).isEqualTo("C:\\b\\tool.exe");
    assertThat(find("tool", "\"C:\\a\"", null)).isEqualTo("C:\\a\\tool.exe");
    assertThat(find("far", "\\\\host\\share", null)).isEqualTo("\\\\host\\share\\far.exe");
  }

  @Test
  void pathExtOrdersButNeverAddsExtensions() {
    assertThat(find("tool", "C:\\b", null)).isEqualTo("C:\\b\\tool.com");
    assertThat(find("tool", "C:\\b", ".EXE;.COM")).isEqualTo("C:\\b\\tool.exe");
    assertThat(find("x", "C:\\b", ".BAT;.EXE")).isNull();
  }

  @Test
  void relativeAndEmptyPathEntriesAreSkipped() {
    assertThat(find("here", ";.;a;C:;\\a;", null)).isNull();
    assertThat(find("here.exe", "", null)).isNull();
  }

  @Test
  void nameWithoutExtensionIsNotAProgram() {
    assertThat(find("plain", "C:\\b", null)).isNull();
    assertThat(new ProgramSearch(null, FILES::contains).at("C:\\b\\plain"))
        .isEqualTo("C:\\b\\plain");
    assertThat(find("python3.11", "C:\\b", null)).isEqualTo("C:\\b\\python3.11.exe");
  }

  @Test
  void separatorsAndColonsMakeAPath() {
    assertThat(ProgramSearch.isPath("a\\b")).isTrue();
    assertThat(ProgramSearch.isPath("a/b")).isTrue();
    assertThat(ProgramSearch.isPath("C:b")).isTrue();
    assertThat(ProgramSearch.isPath("b.exe")).isFalse();
  }
}

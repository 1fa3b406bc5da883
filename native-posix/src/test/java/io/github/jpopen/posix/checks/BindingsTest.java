package io.github.jpopen.posix.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.checks.GeneratedFiles;
import io.github.jpopen.checks.StaticAsserts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class BindingsTest {
  @Test
  void generatedFilesAreAsGenerated() throws IOException {
    assertThat(GeneratedFiles.recorded("posix")).isNotEmpty();
    assertThat(GeneratedFiles.present()).isEqualTo(GeneratedFiles.recorded("posix"));
  }

  /** The classes with the constants need no jextract, so they can be written again at any time. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void constantsAreAsGenerated(@TempDir Path out) throws Exception {
    Path bindings = Path.of("..", "bindings");
    Path script = bindings.resolve("generate.sh");
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString(), "--constants", out.toString());
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    builder.environment().merge("PATH", java, (path, first) -> first + File.pathSeparator + path);
    Path log = out.resolve("log");
    int status = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
    assertThat(status).as(Files.readString(log)).isZero();
    for (String name : List.of("LinuxHeaders.java", "MacHeaders.java")) {
      Path file = Path.of("io", "github", "jpopen", "posix", "constants", name);
      assertThat(out.resolve("posix").resolve(file))
          .hasSameTextualContentAs(Path.of("src", "generated", "java").resolve(file));
    }
    assertThat(out.resolve("GENERATED.properties"))
        .hasSameTextualContentAs(bindings.resolve("GENERATED.properties"));
  }

  @TestFactory
  Stream<DynamicTest> compilersAgree() throws IOException, InterruptedException {
    return StaticAsserts.tests(
        500, "linux-x86_64", "linux-aarch64", "macos-x86_64", "macos-aarch64");
  }

  @TestFactory
  Stream<DynamicTest> macosHasEverySymbol() throws IOException, InterruptedException {
    return StaticAsserts.symbols("macos-x86_64", "macos-aarch64");
  }

  /**
   * On macOS/arm64 variadic arguments travel on the stack. Which functions have some is in their
   * prototypes, which a C compiler has confirmed.
   */
  @Test
  void variadicFunctionsAreCalledAsVariadic() throws IOException {
    int variadic = 0;
    for (String file : List.of("PortablePosix", "MacPosix")) {
      Path folder = Path.of("src", "main", "java", "io", "github", "jpopen", "posix", "libc");
      String source = Files.readString(folder.resolve(file + ".java"));
      Matcher function =
          Pattern.compile("(\\w+) =\\s+(?:function|brief)\\(\\s*\"(\\w+)\"\\)").matcher(source);
      while (function.find()) {
        String field = function.group(1);
        String prototype = "[ *]" + function.group(2) + "\\([^;]*\\.\\.\\.\\);";
        boolean takesMore = Pattern.compile("// .*" + prototype).matcher(source).find();
        Matcher call = Pattern.compile("\\b" + field + "\\s*\\.call(\\w*)\\(").matcher(source);
        assertThat(call.find()).as(field + " is called").isTrue();
        do {
          assertThat(call.group(1).equals("Variadic")).as(field).isEqualTo(takesMore);
        } while (call.find());
        variadic += takesMore ? 1 : 0;
      }
    }
    assertThat(variadic).as("fcntl, ioctl and open").isEqualTo(3);
  }
}

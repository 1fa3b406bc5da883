package io.github.jpopen.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runtime images of jlink and jpackage. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the images need the POSIX module")
class ImagesTest {
  private static final String POSIX = "io.github.jpopen.posix";
  private static final String PROGRAM = "consumer/consumer.Main";

  @TempDir private Path folder;

  @BeforeEach
  void thisJdkHasTheTools() {
    assumeTrue(ToolProvider.findFirst("jlink").isPresent(), "this JDK has no jlink");
    assumeTrue(ToolProvider.findFirst("jpackage").isPresent(), "this JDK has no jpackage");
  }

  @Test
  void anImageOfJlinkWithTheNativeModule() throws Exception {
    Path image = folder.resolve("image");
    Jdk.tool(
        "jlink",
        "--module-path",
        modulePath(),
        "--add-modules",
        "consumer," + POSIX,
        "--add-options=--enable-native-access=" + POSIX + " --illegal-native-access=deny",
        "--output",
        image);
    Ran ran = Jdk.java(image.resolve("bin/java"), "-m", PROGRAM, "it");
    assertThat(ran.output()).isEqualTo("child of it\n");
    assertThat(Jdk.java(image.resolve("bin/java"), "--list-modules").lines())
        .anyMatch(line -> line.startsWith(POSIX))
        .noneMatch(line -> line.startsWith("java.") && !line.startsWith("java.base"));
  }

  @Test
  void anImageOfJlinkWithoutTheNativeModuleNamesTheOption() throws Exception {
    Path image = folder.resolve("image");
    Jdk.tool(
        "jlink", "--module-path", modulePath(), "--add-modules", "consumer", "--output", image);
    Ran ran = Jdk.java(image.resolve("bin/java"), "-m", PROGRAM, "it");
    assertThat(ran.output()).contains("call jlink or jpackage with --add-modules " + POSIX);
    assertThat(ran.status()).isEqualTo(1);
  }

  @Test
  void anApplicationOfJpackage() throws Exception {
    Jdk.tool(
        "jpackage",
        "--type",
        "app-image",
        "--name",
        "app",
        "--dest",
        folder,
        "--module-path",
        modulePath(),
        "--module",
        PROGRAM,
        "--add-modules",
        POSIX,
        "--java-options",
        "--enable-native-access=" + POSIX + " --illegal-native-access=deny");
    Path linux = folder.resolve("app/bin/app");
    Path program = Files.exists(linux) ? linux : folder.resolve("app.app/Contents/MacOS/app");
    Ran ran = Ran.of(program, "it");
    assertThat(ran.output()).isEqualTo("child of it\n");
  }

  private static String modulePath() throws IOException, InterruptedException {
    return new Project("module-path").modulePath();
  }
}

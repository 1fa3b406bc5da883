package io.github.jpopen.posix.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.SubJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cleaning up needs no memory. Each operation is done again and again, and at each time another
 * request of the library for memory is refused: once, and from there on until the child is dead, or
 * for 20 ms where none must die.
 *
 * <p>One JVM does all of it, with a copy of the library that {@link InjectingLoader} made.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryShortageTest {
  private final List<String> lines = new ArrayList<>();

  @BeforeAll
  void runOutOfMemory(@TempDir Path temp) throws Exception {
    new SubJvm()
        .run("exec \"$@\"", MemoryMain.class, temp.resolve("result"))
        .lines()
        .forEach(lines::add);
  }

  static List<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Shortage.Operation operation : Shortage.Operation.values()) {
      for (String kind : operation.threads()) {
        cases.add(Arguments.of(operation, kind));
      }
    }
    return cases;
  }

  @Test
  void manyRequestsWereRefused() {
    int refused = 0;
    for (String line : lines) {
      Matcher counts = Pattern.compile(": (\\d+) once, (\\d+) lasting").matcher(line);
      assertThat(counts.find()).as(line).isTrue();
      refused += Integer.parseInt(counts.group(1)) + Integer.parseInt(counts.group(2));
    }
    System.out.println("memory: " + refused + " requests were refused in turn");
    assertThat(refused).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noRequestForMemoryIsNeeded(Shortage.Operation operation, String kind) {
    String name = operation + " " + kind + ": ";
    String result =
        lines.stream().filter(line -> line.startsWith(name)).findFirst().orElse("did not run");
    System.out.println("memory: " + result);
    assertThat(result).matches(name + "\\d+ once, \\d+ lasting, \\d+ ms");
  }
}

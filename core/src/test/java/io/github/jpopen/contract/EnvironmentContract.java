package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The child's environment: inherited, added to, removed from, emptied, and exact. */
public abstract class EnvironmentContract extends ContractTest {

  private static String text(Command<byte[]> command) throws Exception {
    return command.text().checkOutput();
  }

  @Test
  @Covers({"test_env", "promise 6"})
  void variableReachesTheChild() throws Exception {
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", "orange"))).isEqualTo("FRUIT=orange\n");
  }

  @Test
  @Covers("promise 6")
  void otherVariablesAreInherited() throws Exception {
    List<String> names = text(child(printEnvNames()).env("EXTRA", "1")).lines().toList();
    assertThat(names).contains("EXTRA").containsAll(inherited());
  }

  private static List<String> inherited() {
    return System.getenv().keySet().stream()
        .filter(name -> !name.equals("JAVA_TOOL_OPTIONS") && !name.equals("JDK_JAVA_OPTIONS"))
        .toList();
  }

  @Test
  @Covers({"test_empty_env", "promise 6"})
  void clearedEnvironmentIsEmpty() throws Exception {
    assertThat(text(child(printEnvNames()).clearEnv()).lines().filter(EnvironmentContract::ours))
        .isEmpty();
  }

  /** Without what Windows, Wine and the macOS loader put into every process. */
  private static boolean ours(String name) {
    return !name.equalsIgnoreCase("SystemRoot")
        && !name.equalsIgnoreCase("SystemDrive")
        && !name.equals("PROCESSOR_ARCHITECTURE")
        && !name.startsWith("WINE")
        && !name.startsWith("__CF");
  }

  @Test
  @Covers("test_one_environment_variable")
  void childMayHaveExactlyOneVariable() throws Exception {
    assertThat(
            text(child(printEnvNames()).clearEnv().env("FRUIT", "orange"))
                .lines()
                .filter(EnvironmentContract::ours))
        .containsExactly("FRUIT");
  }

  @Test
  @Covers({"test_invalid_env", "promise 6"})
  void valueMayBeEmptyOrContainEqualsSigns() throws Exception {
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", "orange=lemon=")))
        .isEqualTo("FRUIT=orange=lemon=\n");
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", ""))).isEqualTo("FRUIT=\n");
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", "a\nb \"'%$x")))
        .isEqualTo("FRUIT=a\nb \"'%$x\n");
  }

  @Test
  void variableCanBeRemoved() throws Exception {
    String present =
        inherited().stream().filter(name -> !name.startsWith("=")).findAny().orElseThrow();
    assertThat(text(child(printEnv(present)).removeEnv(present))).isEqualTo(present + " unset\n");
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", "x").removeEnv("FRUIT")))
        .isEqualTo("FRUIT unset\n");
    assertThat(text(child(printEnv("FRUIT")).removeEnv("NO_SUCH").removeEnv("FRUIT")))
        .isEqualTo("FRUIT unset\n");
  }

  @Test
  void changesApplyInTheirOrder() throws Exception {
    Command<byte[]> fruit = child(printEnv("FRUIT"));
    assertThat(text(fruit.env("FRUIT", "a").env("FRUIT", "b"))).isEqualTo("FRUIT=b\n");
    assertThat(text(fruit.removeEnv("FRUIT").env("FRUIT", "c"))).isEqualTo("FRUIT=c\n");
    assertThat(text(fruit.env("FRUIT", "d").clearEnv())).isEqualTo("FRUIT unset\n");
    assertThat(text(fruit.clearEnv().env("FRUIT", "e"))).isEqualTo("FRUIT=e\n");
  }

  @Test
  void mapAddsAllItsVariables() throws Exception {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("FRUIT", "fig");
    variables.put("TREE", "oak");
    Command<byte[]> command = child(printEnv("FRUIT"), printEnv("TREE")).env(variables);
    variables.put("FRUIT", "changed later");
    assertThat(text(command)).isEqualTo("FRUIT=fig\nTREE=oak\n");
    assertThat(text(child(printEnv("FRUIT")).env("FRUIT", "kept").env(Map.of())))
        .isEqualTo("FRUIT=kept\n");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers({"Posix.test_undecodable_env", "promise 8"})
  void variablesAreUtf8InEveryLocale() throws Exception {
    byte[] environment =
        Command.of("/bin/cat", "/proc/self/environ")
            .clearEnv()
            .env("N\u00e4me", "\u2603\ud83d\ude00")
            .checkOutput();
    assertThat(environment).isEqualTo(utf8("N\u00e4me=\u2603\ud83d\ude00\0"));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("promise 6")
  void nothingIsAddedSilently() throws Exception {
    assertThat(Command.of("/bin/cat", "/proc/self/environ").clearEnv().checkOutput()).isEmpty();
    assertThat(Command.of("/bin/cat", "/proc/self/environ").clearEnv().env("A", "b").checkOutput())
        .asString()
        .isEqualTo("A=b\0");
  }

  @Test
  void longValueArrivesWhole() throws Exception {
    String value = "v".repeat(30_000);
    assertThat(text(child(printEnv("LONG")).env("LONG", value))).isEqualTo("LONG=" + value + "\n");
  }
}

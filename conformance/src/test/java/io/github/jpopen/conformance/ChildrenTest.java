package io.github.jpopen.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.conformance.Outcome.Ended;
import io.github.jpopen.conformance.children.Children;
import io.github.jpopen.conformance.children.Script;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A script does the same as a shell and as a JVM. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "one of the two children is /bin/sh")
class ChildrenTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final ProcessLibrary LIBRARY = new ProcessBuilderLibrary();

  @TempDir Path folder;

  static Stream<Script> scripts() {
    return Stream.of(
        new Script().print("it's").printError("err").fillError(3).tee().exit(3),
        new Script().printVariable("NAME").printDirectory().cat(),
        new Script().printArguments(List.of("a b", "", "\"q\"", "€")),
        new Script().closeInput().background(50, "b").print("a").closeOutputs().sleep(10).exit(7));
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void bothDoTheSame(Script script) throws Exception {
    Ended shell = run(script, Children.SHELLS);
    Ended jvm = run(script, Children.JVMS);
    assertThat(new String(jvm.stdout(), UTF_8)).isEqualTo(new String(shell.stdout(), UTF_8));
    assertThat(new String(jvm.stderr(), UTF_8)).isEqualTo(new String(shell.stderr(), UTF_8));
    assertThat(jvm.code()).isEqualTo(shell.code());
  }

  private Ended run(Script script, Children children) throws Exception {
    Call call = Call.of(script.command(children)).withInput("input".getBytes(UTF_8)).in(folder);
    return (Ended) LIBRARY.run(call.with(Map.of("NAME", "a value")), LIMIT);
  }

  @ParameterizedTest
  @EnumSource
  void bothPrintForEver(Children children) throws Exception {
    List<String> command = new Script().print("begin\n").printForEver().command(children);
    Process process = new ProcessBuilder(command).start();
    try (BufferedReader stdout = process.inputReader()) {
      assertThat(List.of(stdout.readLine(), stdout.readLine(), stdout.readLine()))
          .containsExactly("begin", "on and on", "on and on");
      assertThat(process.isAlive()).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }
}

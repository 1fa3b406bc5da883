package io.github.jpopen.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The child does nothing that no test asks for, and the same in Java and in C. Looks at class
 * files, so it is right when run alone, too.
 */
final class ChildProgramTest {
  private static final String ROOM = "io/github/jpopen/contract/";

  @TempDir Path temp = Path.of("");

  static boolean isCompiled() {
    return NativeChild.program().isPresent();
  }

  static boolean classesAreInADirectory() {
    return Files.isDirectory(ChildLauncher.classes());
  }

  @Test
  @EnabledIf(value = "classesAreInADirectory", disabledReason = "the classes are in a jar")
  void everyBehaviourIsUsed() throws IOException {
    Set<Behaviour> unused = EnumSet.allOf(Behaviour.class);
    Set<String> steps = new HashSet<>();
    Set<String> called = new HashSet<>();
    try (Stream<Path> files = Files.list(ChildLauncher.classes().resolve(ROOM))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(file);
        boolean words = model.thisClass().asInternalName().equals(ROOM + "ChildSteps");
        if (words) {
          model.methods().stream()
              .filter(m -> m.methodType().stringValue().endsWith("ChildSteps$Step;"))
              .forEach(m -> steps.add(m.methodName().stringValue()));
        }
        for (PoolEntry entry : model.constantPool()) {
          if (words && entry instanceof FieldRefEntry field && isIn("Behaviour", field)) {
            unused.removeIf(behaviour -> field.name().equalsString(behaviour.name()));
          }
          if (!words && entry instanceof MethodRefEntry method && isIn("", method)) {
            called.add(method.name().stringValue());
          }
        }
      }
    }
    assertThat(unused).as("behaviours without a word in ChildSteps").isEmpty();
    assertThat(called).as("words of ChildSteps that tests use").containsAll(steps);
  }

  private static boolean isIn(String type, MemberRefEntry member) {
    return member.owner().asInternalName().startsWith(ROOM + type);
  }

  private record Outcome(int code, String stdout, String stderr) {}

  private Outcome run(List<String> program, String input, String... steps) throws Exception {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(steps));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("J")); // what a JVM announces
    Path stdin = Files.writeString(temp.resolve("stdin"), input);
    Path stdout = temp.resolve("stdout");
    Path stderr = temp.resolve("stderr");
    Process process =
        builder
            .redirectInput(stdin.toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile())
            .start();
    int code = process.waitFor();
    return new Outcome(
        code, Files.readString(stdout, ISO_8859_1), Files.readString(stderr, ISO_8859_1));
  }

  static List<Arguments> conversations() {
    String much = "line\n".repeat(50_000);
    return List.of(
        of("", "OUT", "00ff41", "ERR", "0a", "EXIT", "200"),
        of("", "OUT", ""),
        of(much, "CAT"),
        of(much, "CAT_BOTH"),
        of("", "DIGEST"),
        of("x".repeat(55), "DIGEST"),
        of("x".repeat(56), "DIGEST"),
        of("x".repeat(64), "DIGEST"),
        of(much, "DIGEST"),
        of("abc", "EXPECT", "616263"),
        of("abcd", "EXPECT", "616263"),
        of("ab", "EXPECT", "616263"),
        of("one\ntwo\nrest", "ANSWER", "ANSWER", "READ", "2", "CAT"),
        of("one", "ANSWER", "ANSWER"),
        of(much, "PASS", "70000", "READ", "100000", "PASS", "1000000"),
        of(much, "AWAIT_EOF", "EXIT", "-1"),
        of("", "FLOOD", "200001"),
        of("", "SLEEP", "1"),
        of("", "FILL", "1000000", "OUT", "41"),
        of("", "CLOSE_OUT", "ERR", "42"),
        of("", "CLOSE_ERR", "OUT", "41"),
        of("abc", "CLOSE_IN", "OUT", "41"),
        of("", "PRINT_ENV", "PATH", "PRINT_ENV", "CHILD_NO_SUCH"),
        of("", "PRINT_ENV_NAMES"),
        of("", "PRINT_CWD"),
        of("", "PRINT_ARGS"),
        of("", "PRINT_ARGS", "", "a b", "\"", "|"),
        of("", "STARTING", "TOUCH|file", "AWAIT_FILE", "file", "OUT", "41"),
        of("", "TOUCH", "file", "AWAIT_FILE", "file", "OUT", "41"),
        of("", "AWAIT_FILE", "no-such-directory/file"));
  }

  private static Arguments of(String input, String... steps) {
    return Arguments.of(input, steps);
  }

  @ParameterizedTest
  @MethodSource("conversations")
  @EnabledIf(value = "isCompiled", disabledReason = "no C compiler")
  void compiledChildDoesTheSame(String input, String[] steps) throws Exception {
    Outcome java = run(ChildLauncher.ofJava(), input, steps);
    Files.deleteIfExists(temp.resolve("file"));
    assertThat(run(ChildLauncher.command(), input, steps)).isEqualTo(java);
  }
}

package io.github.jpopen.contract;

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
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * The child does nothing that no test asks for. Looks at class files, so it is right when run
 * alone, too.
 */
final class ChildProgramTest {
  private static final String ROOM = "io/github/jpopen/contract/";

  static boolean classesAreInADirectory() {
    return Files.isDirectory(ChildLauncher.classes());
  }

  @Test
  @EnabledIf("classesAreInADirectory")
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
}

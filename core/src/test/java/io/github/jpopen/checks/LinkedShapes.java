package io.github.jpopen.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of the native calls that compiled classes link, read from their byte code.
 *
 * <p>Of the generated classes only those count that the others use: a generated function is linked
 * by the initialiser of a class of its own.
 */
public final class LinkedShapes {
  private static final String GENERATED = "/ffi/";
  private static final String INITIALISER = "<clinit>";

  private final Map<String, ClassModel> classes = new HashMap<>();
  private final Set<LinkedShape> shapes = new HashSet<>();
  private final Set<Call> seen = new HashSet<>();
  private final Deque<Call> waiting = new ArrayDeque<>();

  /** A method of a generated class that is called, or its initialiser. */
  private record Call(String owner, String method) {}

  private LinkedShapes() {}

  /**
   * Reads the classes of a package and the packages below it.
   *
   * @param root the folder that has the packages
   * @param name such as {@code io.github.jpopen.posix}
   * @return the shapes of the downcalls
   * @throws IllegalStateException if a class makes an upcall stub, or passes a struct by value
   */
  public static Set<LinkedShape> in(Path root, String name) {
    var linked = new LinkedShapes();
    linked.read(root.resolve(name.replace('.', '/')));
    for (ClassModel type : linked.classes.values()) {
      if (!isGenerated(type.thisClass().asInternalName())) {
        type.methods().forEach(linked::follow);
      }
    }
    while (!linked.waiting.isEmpty()) {
      linked.follow(linked.waiting.remove());
    }
    return linked.shapes;
  }

  private void read(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        ClassModel type = ClassFile.of().parse(file);
        classes.put(type.thisClass().asInternalName(), type);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isGenerated(String type) {
    return type.contains(GENERATED);
  }

  private void follow(Call call) {
    ClassModel type = classes.get(call.owner());
    while (type != null) {
      String superclass = type.superclass().map(entry -> entry.asInternalName()).orElse("");
      Predicate<MethodModel> called = method -> nameOf(method).equals(call.method());
      List<MethodModel> found = type.methods().stream().filter(called).toList();
      found.forEach(this::follow);
      // Static methods are called by the name of a subclass, too.
      type = found.isEmpty() ? classes.get(superclass) : null;
    }
  }

  private static String nameOf(MethodModel method) {
    String name = method.methodName().stringValue();
    return name.equals(INITIALISER) ? name : name + method.methodType().stringValue();
  }

  private void follow(MethodModel method) {
    CodeModel code = method.code().orElse(null);
    if (code == null) {
      return;
    }
    shapes.addAll(new ShapeReader(this::capturesError).read(code));
    code.forEach(
        element -> {
          if (element instanceof InvokeInstruction invoke) {
            String called = invoke.name().stringValue() + invoke.type().stringValue();
            uses(invoke.owner().asInternalName(), called);
          } else if (element instanceof FieldInstruction field) {
            uses(field.owner().asInternalName(), null);
          }
        });
  }

  private void uses(String owner, @Nullable String method) {
    if (!isGenerated(owner)) {
      return;
    }
    for (String name : method == null ? List.of(INITIALISER) : List.of(INITIALISER, method)) {
      Call call = new Call(owner, name);
      if (seen.add(call)) {
        waiting.add(call);
      }
    }
  }

  /** Whether the initialiser of a class makes an option that captures errors. */
  private boolean capturesError(String type) {
    ClassModel owner = classes.get(type);
    return owner != null
        && owner.methods().stream()
            .filter(method -> nameOf(method).equals(INITIALISER))
            .flatMap(method -> method.code().orElseThrow().elementStream())
            .anyMatch(
                element ->
                    element instanceof InvokeInstruction invoke
                        && invoke.name().equalsString("captureCallState"));
  }
}

package io.github.jpopen.checks;

import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads one method from its begin to its end, as far as it makes a {@code FunctionDescriptor} and
 * options and links a call with them.
 */
final class ShapeReader {
  private static final String FOREIGN = "java/lang/foreign/";

  /** What GraalVM calls the layouts, by the types of the fields that hold them. */
  private static final Map<String, String> TYPES =
      Map.of(
          "ValueLayout$OfBoolean", "jboolean",
          "ValueLayout$OfByte", "jbyte",
          "ValueLayout$OfChar", "jchar",
          "ValueLayout$OfShort", "jshort",
          "ValueLayout$OfInt", "jint",
          "ValueLayout$OfLong", "jlong",
          "ValueLayout$OfFloat", "jfloat",
          "ValueLayout$OfDouble", "jdouble",
          "AddressLayout", "void*");

  private final Predicate<String> capturesError;
  private final List<LinkedShape> shapes = new ArrayList<>();
  private final List<String> layouts = new ArrayList<>();
  private String result = "";
  private List<String> parameters = List.of();
  private boolean captured;
  private int firstVariadic = -1;
  private boolean heap;
  private int constant;

  /**
   * Makes a reader for one method.
   *
   * @param capturesError whether the option in a field of this class captures errors
   */
  ShapeReader(Predicate<String> capturesError) {
    this.capturesError = capturesError;
  }

  List<LinkedShape> read(CodeModel code) {
    code.forEach(this::read);
    return shapes;
  }

  private void read(CodeElement element) {
    switch (element) {
      case ConstantInstruction load when load.constantValue() instanceof Integer number ->
          constant = number;
      case FieldInstruction field -> read(field);
      case InvokeInstruction invoke -> {
        if (invoke.owner().asInternalName().startsWith(FOREIGN)) {
          call(invoke.name().stringValue());
        } else if (invoke.type().stringValue().endsWith("Layout;")) {
          layouts.add("struct"); // the layout of a generated struct comes from its method
        }
      }
      default -> {}
    }
  }

  private void read(FieldInstruction field) {
    String type = field.type().stringValue();
    if (!type.startsWith("L" + FOREIGN)) {
      return;
    }
    String name = type.substring(1 + FOREIGN.length(), type.length() - 1);
    if (name.equals("Linker$Option")) {
      captured |= capturesError.test(field.owner().asInternalName());
    } else if (TYPES.containsKey(name)) {
      layouts.add(TYPES.getOrDefault(name, ""));
    }
  }

  private void call(String method) {
    switch (method) {
      case "of" -> {
        result = layouts.getFirst();
        parameters = List.copyOf(layouts.subList(1, layouts.size()));
        layouts.clear();
      }
      case "ofVoid" -> {
        result = "void";
        parameters = List.copyOf(layouts);
        layouts.clear();
      }
      case "captureCallState" -> captured = true;
      case "firstVariadicArg" -> firstVariadic = constant;
      case "critical" -> heap = constant != 0;
      case "downcallHandle" -> link();
      case "upcallStub" ->
          throw new IllegalStateException("an upcall: the file for GraalVM must have it");
      default -> {}
    }
  }

  private void link() {
    if (parameters.contains("struct") || result.equals("struct")) {
      throw new IllegalStateException("a struct by value: the file for GraalVM must describe it");
    }
    shapes.add(new LinkedShape(result, parameters, captured, firstVariadic, heap));
    captured = false;
    firstVariadic = -1;
    heap = false;
  }
}

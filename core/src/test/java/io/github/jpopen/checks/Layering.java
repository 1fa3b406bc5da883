package io.github.jpopen.checks;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.jpopen.spi.OwnThreads;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules about which classes may call natively and which may use which, for the compiled classes
 * of the module under test.
 *
 * <p>A rule belongs here when more than one module has it, or when javac cannot check it.
 */
public final class Layering {
  private static final Set<String> LINKING =
      Set.of(
          "java.lang.foreign.Linker",
          "java.lang.foreign.Linker$Option",
          "java.lang.foreign.SymbolLookup",
          "java.lang.foreign.FunctionDescriptor");

  /** What javac calls restricted, apart from the methods of the types above. */
  private static final Set<String> RESTRICTED =
      Set.of(
          "java.lang.foreign.MemorySegment.reinterpret",
          "java.lang.foreign.AddressLayout.withTargetLayout",
          "java.lang.ModuleLayer$Controller.enableNativeAccess",
          "java.lang.Runtime.load",
          "java.lang.Runtime.loadLibrary",
          "java.lang.System.load",
          "java.lang.System.loadLibrary");

  private static final String OWN_THREADS = OwnThreads.class.getName();

  private Layering() {}

  /** The classes of the module whose tests run. */
  public static JavaClasses ownClasses() {
    JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    if (classes.isEmpty()) {
      throw new IllegalStateException("no compiled classes: the rules would hold for nothing");
    }
    return classes;
  }

  /** Outside these packages, {@code java.lang.foreign} is memory and nothing else. */
  public static ArchRule nativeCallsOnlyIn(String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat(describe("link native code", c -> LINKING.contains(c.getName())))
        .orShould()
        .accessTargetWhere(restricted())
        .because("only " + String.join(", ", packages) + " may call natively")
        .allowEmptyShould(true);
  }

  /** Only {@link OwnThreads} starts threads, so that one place shows what fails without one. */
  public static ArchRule threadsAreStartedInOnePlace() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("java..")
        .and(describe("are not OwnThreads", c -> !c.getName().startsWith(OWN_THREADS)))
        .should()
        .accessTargetWhere(
            describe(
                "start a thread",
                access ->
                    access.getTargetOwner().getName().startsWith("java.lang.Thread")
                        && access.getTarget().getName().startsWith("start")))
        .because("only OwnThreads may start a thread");
  }

  /** Outside these packages, no class uses the bindings that jextract generated. */
  public static ArchRule bindingsOnlyIn(String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..ffi..")
        .because("generated bindings are for " + String.join(", ", packages) + " alone")
        .allowEmptyShould(true);
  }

  /**
   * Each package uses only those below it.
   *
   * @param topDown the highest layer first
   */
  public static ArchRule layers(String... topDown) {
    ArchRule rule = null;
    for (int i = 1; i < topDown.length; i++) {
      ArchRule one =
          noClasses()
              .that()
              .resideInAPackage(topDown[i])
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(Arrays.copyOf(topDown, i))
              .because("the layers are " + String.join(" > ", topDown));
      rule = rule == null ? one : CompositeArchRule.of(rule).and(one);
    }
    return Objects.requireNonNull(rule, "two layers at least");
  }

  /** Of this project, the classes of a layer depend on these packages only. */
  public static ArchRule dependsOnlyOn(String layer, String... packages) {
    return classes()
        .that()
        .resideInAPackage(layer)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("io.github.jpopen..").or(resideInAnyPackage(packages)))
        .because(layer + " knows of this project only " + String.join(", ", packages));
  }

  /** Only this project makes the exceptions of a package. */
  public static ArchRule exceptionsAreMadeByUsOnly(String exported) {
    return constructors()
        .that()
        .areDeclaredInClassesThat(resideInAPackage(exported).and(assignableTo(Throwable.class)))
        .should()
        .bePackagePrivate()
        .orShould()
        .bePrivate();
  }

  /** What others can see of the first packages names nothing of the hidden one. */
  public static ArchRule signaturesHide(String hidden, String... visible) {
    return classes().that().resideInAnyPackage(visible).should(notShow(hidden));
  }

  private static DescribedPredicate<JavaAccess<?>> restricted() {
    return describe(
        "the target is a restricted method",
        access ->
            RESTRICTED.contains(
                access.getTargetOwner().getName() + "." + access.getTarget().getName()));
  }

  private static ArchCondition<JavaClass> notShow(String hidden) {
    return new ArchCondition<>("show nothing of " + hidden) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!isVisible(type)) {
          return;
        }
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
            .forEach(parent -> check(type, type.getDescription(), Stream.of(parent), events));
        check(type, type.getDescription(), type.getTypeParameters().stream(), events);
        for (JavaMember member : type.getMembers()) {
          if (isVisible(member.getModifiers())) {
            check(type, member.getDescription(), typesOf(member), events);
          }
        }
      }

      private void check(
          JavaClass owner, String what, Stream<? extends JavaType> types, ConditionEvents events) {
        Set<JavaClass> involved = new LinkedHashSet<>();
        types.forEach(type -> involved.addAll(type.getAllInvolvedRawTypes()));
        for (JavaClass type : involved) {
          if (type.getBaseComponentType().getPackageName().equals(hidden)) {
            events.add(SimpleConditionEvent.violated(owner, what + " shows " + type.getName()));
          }
        }
      }
    };
  }

  private static Stream<JavaType> typesOf(JavaMember member) {
    Stream<JavaType> types = member.getAllInvolvedRawTypes().stream().map(JavaType.class::cast);
    return member instanceof JavaCodeUnit codeUnit
        ? Stream.concat(
            types, codeUnit.getThrowsClause().stream().map(ThrowsDeclaration::getRawType))
        : types;
  }

  private static boolean isVisible(JavaClass type) {
    return isVisible(type.getModifiers())
        && type.getEnclosingClass().map(Layering::isVisible).orElse(true);
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    return !modifiers.contains(JavaModifier.SYNTHETIC)
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }
}

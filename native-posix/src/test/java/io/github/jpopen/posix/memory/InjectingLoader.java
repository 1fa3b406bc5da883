package io.github.jpopen.posix.memory;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Loads the library once more, with a call of {@link AllocationPoints#pass} before each place that
 * takes memory: objects, arrays, lambdas and strings that are put together, and calls into the JDK.
 *
 * <p>What is known to take none is left out: atomics, clocks, fields of native memory. So are the
 * locks of {@code java.util.concurrent}, which wait in another way when there is no memory.
 */
final class InjectingLoader extends ClassLoader {
  private static final String LIBRARY = "io.github.jpopen.";
  private static final ClassDesc HOOK = ClassDesc.of(AllocationPoints.class.getName());
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);

  /** Packages and classes whose methods take no memory, or call back only. */
  private static final Set<String> FRUGAL =
      Set.of(
          "java/lang/Object",
          "java/lang/Math",
          "java/lang/Runnable",
          "java/lang/invoke/MethodHandle",
          "java/lang/AutoCloseable",
          "java/util/Objects",
          "java/util/function/Supplier",
          "java/util/function/BooleanSupplier",
          "java/util/function/Consumer",
          "java/util/function/LongConsumer",
          "java/util/concurrent/ArrayBlockingQueue",
          "java/util/concurrent/locks/Condition",
          "java/util/concurrent/locks/LockSupport",
          "java/util/concurrent/locks/ReentrantLock",
          "java/util/concurrent/locks/StampedLock",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicLong",
          "java/util/concurrent/atomic/AtomicReference",
          "java/util/concurrent/atomic/AtomicReferenceArray");

  /** Methods that take no memory. */
  private static final Set<String> FRUGAL_METHODS =
      Set.of(
          "java/lang/Thread.currentThread",
          "java/lang/Thread.interrupt",
          "java/lang/Thread.interrupted",
          "java/lang/Thread.isInterrupted",
          "java/lang/Thread.isVirtual",
          "java/lang/Thread.threadId",
          "java/lang/Thread.sleep",
          "java/lang/Thread.yield",
          "java/lang/System.nanoTime",
          "java/lang/System.arraycopy",
          "java/util/ArrayDeque.add", // there is room for 16, and never more than a few
          "java/util/ArrayDeque.isEmpty",
          "java/util/ArrayDeque.peek",
          "java/util/EnumMap.get",
          "java/time/Duration.toNanos",
          "java/util/Queue.isEmpty",
          "java/util/concurrent/ConcurrentLinkedQueue.isEmpty",
          "java/util/Map.containsKey",
          "java/util/Map.get",
          "java/util/List.get",
          "java/util/List.remove",
          "java/util/List.size",
          "java/util/List.isEmpty",
          "java/util/Set.isEmpty",
          "java/util/Iterator.hasNext",
          "java/lang/String.length",
          "java/lang/String.charAt",
          "java/lang/String.isEmpty",
          "java/lang/foreign/MemorySegment.address",
          "java/lang/foreign/MemorySegment.byteSize",
          "java/lang/foreign/MemorySegment.isNative",
          "java/lang/foreign/MemorySegment.get",
          "java/lang/foreign/MemorySegment.set",
          "java/lang/foreign/MemorySegment.fill",
          "java/lang/foreign/MemorySegment.copy",
          "java/lang/ref/Cleaner$Cleanable.clean");

  private final Predicate<String> injected;

  /**
   * Prepares to load.
   *
   * @param injected which classes run out of memory; the others of the library are only loaded
   */
  InjectingLoader(ClassLoader parent, Predicate<String> injected) {
    super(parent);
    this.injected = injected;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(LIBRARY) || name.equals(AllocationPoints.class.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known == null ? define(name) : known;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte[] bytes;
    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      bytes = file.readAllBytes();
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    byte[] defined = injected.test(name) ? inject(bytes) : bytes;
    return defineClass(name, defined, 0, defined.length);
  }

  private static byte[] inject(byte[] bytes) {
    ClassFile file = ClassFile.of();
    CodeTransform code = InjectingLoader::inject;
    return file.transformClass(
        file.parse(bytes),
        ClassTransform.transformingMethodBodies(
            method -> !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME), code));
  }

  private static void inject(CodeBuilder builder, CodeElement element) {
    if (takesMemory(element)) {
      builder.invokestatic(HOOK, "pass", NOTHING);
    }
    builder.with(element);
  }

  private static boolean takesMemory(CodeElement element) {
    return switch (element) {
      case NewObjectInstruction _,
          NewPrimitiveArrayInstruction _,
          NewReferenceArrayInstruction _,
          NewMultiArrayInstruction _,
          InvokeDynamicInstruction _ ->
          true;
      case InvokeInstruction call -> takesMemory(call);
      default -> false;
    };
  }

  private static boolean takesMemory(InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    String name = call.name().stringValue();
    return !name.equals(ConstantDescs.INIT_NAME) // its object was counted
        && !owner.startsWith(LIBRARY.replace('.', '/'))
        && !FRUGAL.contains(owner)
        && !FRUGAL_METHODS.contains(owner + "." + name);
  }
}

package io.github.jpopen.posix.memory;

/** Runs {@link ShortageProgram} on a library that runs out of memory. */
final class MemoryMain {
  private MemoryMain() {}

  public static void main(String[] arguments) throws Exception {
    InjectingLoader loader =
        new InjectingLoader(MemoryMain.class.getClassLoader(), MemoryMain::isOfTheLibrary);
    Class<?> program = loader.loadClass(ShortageProgram.class.getName());
    program.getMethod("main", String[].class).invoke(null, (Object) arguments);
  }

  private static boolean isOfTheLibrary(String name) {
    return !name.contains(".memory.") && !name.contains(".contract.") && !name.contains(".ffi.");
  }
}

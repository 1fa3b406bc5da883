package io.github.jpopen.spi;

/** Says how to allow native calls to the module that was denied them. */
public final class DeniedNativeAccess {
  private DeniedNativeAccess() {}

  /**
   * Makes an exception that names what to do.
   *
   * @param module the module that makes the native calls: one of ours, or a jar that has its
   *     classes
   * @param cause what Java threw
   * @return the exception to throw
   */
  public static IllegalCallerException explained(Module module, IllegalCallerException cause) {
    var explained =
        new IllegalCallerException("native access is denied to jpopen: " + advice(module));
    explained.initCause(cause);
    return explained;
  }

  private static String advice(Module module) {
    if (!module.isNamed()) {
      return "run java with --enable-native-access=ALL-UNNAMED";
    }
    // The flag of java is for the modules that java itself has loaded.
    return ModuleLayer.boot().equals(module.getLayer())
        ? "run java with --enable-native-access=" + module.getName()
        : "call ModuleLayer.Controller.enableNativeAccess with the module " + module.getName();
  }
}

package io.github.jpopen.windows.win32;

import io.github.jpopen.spi.DeniedNativeAccess;
import java.lang.foreign.MemorySegment;

/** Checks that this module may call native code, before a class is initialised that needs it. */
public final class NativeAccess {
  private NativeAccess() {}

  /**
   * Returns if native calls are possible.
   *
   * @throws IllegalCallerException if native access is denied; it names what to do
   * @throws UnsupportedOperationException if there are no bindings for this CPU
   */
  @SuppressWarnings("restricted")
  public static void require() {
    String cpu = System.getProperty("os.arch", "");
    if (!"amd64".equals(cpu) && !"aarch64".equals(cpu)) {
      throw new UnsupportedOperationException("jpopen has no bindings for os.arch " + cpu);
    }
    try {
      // The cheapest restricted call. Denied later, in a class initialiser, it would end in an
      // ExceptionInInitializerError, and then in a NoClassDefFoundError each time.
      MemorySegment.NULL.reinterpret(0);
    } catch (IllegalCallerException e) {
      throw DeniedNativeAccess.explained(NativeAccess.class.getModule(), e);
    }
  }
}

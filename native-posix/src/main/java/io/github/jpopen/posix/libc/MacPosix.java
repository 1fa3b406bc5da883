package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.ffi.macos.LibC;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The calls on macOS, on Apple's and on Intel's processors: the portable ones, with what only Apple
 * has.
 */
public final class MacPosix extends PortablePosix {
  private final NativeFunction actionsAddInherit =
      function("posix_spawn_file_actions_addinherit_np");
  private final NativeFunction nsGetEnviron = function("_NSGetEnviron");

  private MacPosix() {
    super(new MacNumbers());
  }

  /**
   * Links.
   *
   * @return the calls
   * @throws IllegalCallerException if native access is denied
   */
  public static MacPosix link() {
    CallShapes.linkUniform();
    CallShapes.linkVariadic();
    return new MacPosix();
  }

  // Fails for what has no path, such as a pipe.
  @Override
  public int filePath(int descriptor, MemorySegment path) {
    return fcntl(descriptor, LibC.F_GETPATH(), path.address());
  }

  @Override
  public int cloexecDefault() {
    return LibC.POSIX_SPAWN_CLOEXEC_DEFAULT();
  }

  // int posix_spawn_file_actions_addinherit_np(posix_spawn_file_actions_t *actions, int fd);
  @Override
  public int actionsAddInherit(MemorySegment actions, int descriptor) {
    return actionsAddInherit.callError(actions.address(), descriptor);
  }

  // The kernel runs the program, and then posix_spawn looks for it once more, from the directory of
  // this process: ENOENT, and the child runs all the same.
  @Override
  public boolean findsProgramAfterChdir() {
    return false;
  }

  // char ***_NSGetEnviron(void);
  @Override
  @SuppressWarnings("restricted")
  public MemorySegment environment() {
    long variable = nsGetEnviron.call(0, 0, 0, 0, 0, 0);
    MemorySegment pointer = MemorySegment.ofAddress(variable).reinterpret(Long.BYTES);
    return MemorySegment.ofAddress(pointer.get(ValueLayout.JAVA_LONG, 0));
  }
}

package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.MacConstants;
import io.github.jpopen.posix.ffi.macos.LibC;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The calls on macOS, on arm64 and x86_64: the portable ones, and what only macOS has. */
public final class MacPosix extends PortablePosix {
  private final NativeFunction actionsAddInherit =
      function("posix_spawn_file_actions_addinherit_np");
  private final NativeFunction nsGetEnviron = function("_NSGetEnviron");

  private MacPosix() {
    super(new MacConstants());
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

  // Fails if the file has no path, for example a pipe.
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

  // The kernel starts the program; then posix_spawn looks it up again, from the directory of this
  // process, and returns ENOENT although the child runs.
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

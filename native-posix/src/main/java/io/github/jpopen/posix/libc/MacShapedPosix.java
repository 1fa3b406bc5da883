package io.github.jpopen.posix.libc;

import io.github.jpopen.posix.constants.LinuxConstants;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of macOS as far as Linux can imitate them: the portable calls with the constants of
 * Linux.
 *
 * <p>Only {@code POSIX_SPAWN_CLOEXEC_DEFAULT} has no equivalent and is imitated. The last file
 * actions close the standard streams that no action names, and all other descriptors that are not
 * to be kept. Which streams the actions name is recorded in the spare bytes after the C library's
 * own structures.
 */
public final class MacShapedPosix extends PortablePosix {
  /** Differs from all flags of a C library, which are shorts. */
  private static final int CLOEXEC_DEFAULT = 1 << 16;

  private static final int STREAMS = 3;
  private static final SortedSet<Integer> NOTHING = Collections.emptySortedSet();

  private final NativeFunction actionsAddCloseFrom =
      function("posix_spawn_file_actions_addclosefrom_np");
  private final NativeFunction environ = function("environ");

  // Descriptors above the standard streams, by the address of the actions.
  private final Map<Long, SortedSet<Integer>> kept = new ConcurrentHashMap<>();

  private MacShapedPosix() {
    super(new LinuxConstants());
  }

  /**
   * Links.
   *
   * @return the calls
   * @throws IllegalCallerException if native access is denied
   */
  public static MacShapedPosix link() {
    CallShapes.linkUniform();
    CallShapes.linkVariadic();
    return new MacShapedPosix();
  }

  @Override
  public int cloexecDefault() {
    return CLOEXEC_DEFAULT;
  }

  @Override
  public int attributesSetFlags(MemorySegment attributes, int flags) {
    note(attributes, flags & CLOEXEC_DEFAULT);
    return super.attributesSetFlags(attributes, flags & ~CLOEXEC_DEFAULT);
  }

  @Override
  public int actionsInit(MemorySegment actions) {
    note(actions, 0);
    return super.actionsInit(actions);
  }

  @Override
  public int actionsAddDup2(MemorySegment actions, int from, int to) {
    note(actions, noted(actions) | 1 << to);
    return super.actionsAddDup2(actions, from, to);
  }

  @Override
  public int actionsAddInherit(MemorySegment actions, int descriptor) {
    if (descriptor < STREAMS) {
      note(actions, noted(actions) | 1 << descriptor);
      return 0;
    }
    kept.computeIfAbsent(actions.address(), _ -> new TreeSet<>()).add(descriptor);
    return super.actionsAddDup2(actions, descriptor, descriptor); // glibc clears close-on-exec
  }

  @Override
  public int actionsDestroy(MemorySegment actions) {
    kept.remove(actions.address());
    return super.actionsDestroy(actions);
  }

  @Override
  public int spawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment argv,
      MemorySegment envp) {
    if (noted(attributes) == CLOEXEC_DEFAULT) {
      for (int stream = 0; stream < STREAMS; stream++) {
        if ((noted(actions) & 1 << stream) == 0) {
          actionsAddClose(actions, stream);
        }
      }
      int from = STREAMS;
      for (int descriptor : kept.getOrDefault(actions.address(), NOTHING)) {
        while (from < descriptor) {
          actionsAddClose(actions, from++);
        }
        from++;
      }
      int result = closeFrom(actions, from);
      if (result < 0) {
        return result;
      }
    }
    return super.spawn(pid, path, actions, attributes, argv, envp);
  }

  // int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
  private int closeFrom(MemorySegment actions, int lowest) {
    return actionsAddCloseFrom.callError(actions.address(), lowest);
  }

  @Override
  public boolean findsProgramAfterChdir() {
    return false;
  }

  // extern char **environ;
  @Override
  @SuppressWarnings("restricted")
  public MemorySegment environment() {
    MemorySegment variable = environ.address().reinterpret(Long.BYTES);
    return MemorySegment.ofAddress(variable.get(ValueLayout.JAVA_LONG, 0));
  }

  private static void note(MemorySegment room, int bits) {
    room.set(ValueLayout.JAVA_INT, room.byteSize() - Integer.BYTES, bits);
  }

  private static int noted(MemorySegment room) {
    return room.get(ValueLayout.JAVA_INT, room.byteSize() - Integer.BYTES);
  }
}

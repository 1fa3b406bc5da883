package io.github.jpopen.posix.libc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * macOS as far as Linux can play it: the portable calls with Linux's numbers, and one imitation.
 *
 * <p>{@code POSIX_SPAWN_CLOEXEC_DEFAULT} is the one thing that has no equivalent: here the child
 * closes, as its last file actions, those of its standard streams that no action named, and all
 * others that are not to be kept. What the actions named is noted behind the C library's own
 * structures, in the room that nobody promised to need.
 */
public final class MacShapedPosix extends PortablePosix {
  /** No flag of a C library: these are shorts. */
  private static final int CLOEXEC_DEFAULT = 1 << 16;

  private static final int STREAMS = 3;
  private static final SortedSet<Integer> NOTHING = Collections.emptySortedSet();

  private final NativeFunction actionsAddCloseFrom =
      function("posix_spawn_file_actions_addclosefrom_np");
  private final NativeFunction environ = function("environ");

  // Above the standard streams, by the address of the actions.
  private final Map<Long, SortedSet<Integer>> kept = new ConcurrentHashMap<>();

  private MacShapedPosix() {
    super(new LinuxNumbers());
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
    return super.actionsAddDup2(actions, descriptor, descriptor); // glibc: not close-on-exec then
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

package io.github.jpopen.posix.arguments;

import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Remove;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The child's environment: ours, as the bytes it has, with the changes of the command in their
 * order.
 *
 * <p>{@link System#getenv} would decode it and lose what the charset cannot express.
 */
public final class Environment {
  private final MemorySegment inherited;
  private final List<EnvironmentChange> changes;
  private @Nullable List<byte[]> variables;

  public Environment(Posix posix, List<EnvironmentChange> changes) {
    this.inherited = posix.environment();
    this.changes = changes;
  }

  /** The array for {@code posix_spawn}. */
  public MemorySegment toNative(Arena arena) {
    boolean asItIs = changes.isEmpty() && inherited.address() != 0;
    return asItIs ? inherited : CStrings.array(variables(), arena);
  }

  /** The child's value of a variable. */
  public byte @Nullable [] value(String name) {
    return changes.isEmpty() ? ownValue(name) : value(variables(), name);
  }

  /** Our own value of a variable. */
  public byte @Nullable [] ownValue(String name) {
    byte[] prefix = text(name.concat("="));
    byte[] variable = CStrings.find(inherited, prefix);
    return variable == null ? null : Arrays.copyOfRange(variable, prefix.length, variable.length);
  }

  /** The child's variables, each {@code name=value}. */
  public List<byte[]> variables() {
    List<byte[]> list = variables;
    if (list == null) {
      list = CStrings.list(inherited);
      for (EnvironmentChange change : changes) {
        apply(change, list);
      }
      variables = list;
    }
    return list;
  }

  // Not a switch over types: that would link a call site at the first spawn.
  private static void apply(EnvironmentChange change, List<byte[]> list) {
    if (change instanceof Put put) {
      remove(list, put.name());
      list.add(text(put.name().concat("=").concat(put.value())));
    } else if (change instanceof Remove removed) {
      remove(list, removed.name());
    } else if (change instanceof Clear) {
      list.clear();
    }
  }

  private static void remove(List<byte[]> list, String name) {
    byte[] prefix = text(name);
    for (int i = list.size() - 1; i >= 0; i--) {
      if (names(list.get(i), prefix)) {
        list.remove(i);
      }
    }
  }

  private static byte @Nullable [] value(List<byte[]> list, String name) {
    byte[] wanted = text(name);
    for (byte[] variable : list) {
      if (names(variable, wanted)) {
        return Arrays.copyOfRange(variable, wanted.length + 1, variable.length);
      }
    }
    return null;
  }

  private static boolean names(byte[] variable, byte[] name) {
    if (variable.length <= name.length || variable[name.length] != '=') {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (variable[i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Remove;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The child's environment: ours, with the changes in their order. Names are compared without regard
 * to case, and the last value wins.
 *
 * <p>If SystemRoot is missing it is added: without it many programs cannot load their libraries.
 */
final class EnvironmentBlock {
  /** The most UTF-16 units of one entry. */
  static final int LONGEST_ENTRY = 32_766;

  private static final String SYSTEM_ROOT = "SystemRoot";

  private final TreeMap<String, Map.Entry<String, String>> variables =
      new TreeMap<>(EnvironmentBlock::compare);

  EnvironmentBlock(Map<String, String> inherited, List<EnvironmentChange> changes) {
    new TreeMap<>(inherited).forEach(this::put); // sorted, so that the same of path and PATH wins
    for (EnvironmentChange change : changes) {
      apply(change);
    }
    String root = valueIn(inherited, SYSTEM_ROOT);
    if (root != null && !variables.containsKey(SYSTEM_ROOT)) {
      put(SYSTEM_ROOT, root);
    }
  }

  // A switch over types would link a call site at the first spawn.
  private void apply(EnvironmentChange change) {
    if (change instanceof Put put) {
      checkName(put.name());
      checkLength(put.name(), put.value());
      put(put.name(), put.value());
    } else if (change instanceof Remove removed) {
      variables.remove(removed.name());
    } else if (change instanceof Clear) {
      variables.clear();
    }
  }

  // The child sees the name in the case in which it was set last.
  private void put(String name, String value) {
    variables.remove(name);
    variables.put(name, Map.entry(name, value));
  }

  private static void checkName(String name) {
    int equals = name.indexOf('=', 1); // names such as "=C:" hold the directory of a drive
    if (equals >= 0) {
      throw new IllegalArgumentException("environment name contains \"=\" at index " + equals);
    }
  }

  private static void checkLength(String name, String value) {
    int length = name.length() + 1 + value.length();
    if (length > LONGEST_ENTRY) {
      throw new IllegalArgumentException(
          "environment variable \""
              + name
              + "\" has "
              + length
              + " UTF-16 units with its name, the limit is "
              + LONGEST_ENTRY
              + ": pass long values in a file or by stdin");
    }
  }

  /** The value of a variable, or null. */
  @Nullable String value(String name) {
    Map.Entry<String, String> entry = variables.get(name);
    return entry == null ? null : entry.getValue();
  }

  private static @Nullable String valueIn(Map<String, String> map, String name) {
    for (Map.Entry<String, String> entry : map.entrySet()) {
      if (compare(entry.getKey(), name) == 0) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** The block: the sorted entries, each terminated by NUL, and another NUL. */
  String text() {
    StringBuilder block = new StringBuilder();
    for (Map.Entry<String, String> entry : variables.values()) {
      block.append(entry.getKey()).append('=').append(entry.getValue()).append('\0');
    }
    return block.isEmpty() ? "\0\0" : block.append('\0').toString();
  }

  /** The order that Windows expects: by upper-case UTF-16 units, in no locale. */
  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      int difference = upperCase(a.charAt(i)) - upperCase(b.charAt(i));
      if (difference != 0) {
        return difference;
      }
    }
    return a.length() - b.length();
  }

  // Like CompareStringOrdinal: only pairs that map to each other; not dotless i, long s or micro.
  private static char upperCase(char c) {
    char upper = Character.toUpperCase(c);
    return Character.toLowerCase(upper) == c ? upper : c;
  }
}

package io.github.jpopen.windows;

import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.EnvironmentChange;
import io.github.jpopen.spi.SpawnRequest.Put;
import io.github.jpopen.spi.SpawnRequest.Remove;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The child's environment: ours, changed in the order of the words; names are equal whatever their
 * case, and the last value wins.
 *
 * <p>SystemRoot is put back when it is missing: without it many programs cannot load their
 * libraries.
 */
final class EnvironmentBlock {
  /** What one entry may hold, in UTF-16 units. */
  static final int LONGEST_ENTRY = 32_766;

  private static final String SYSTEM_ROOT = "SystemRoot";

  private final TreeMap<String, Map.Entry<String, String>> variables =
      new TreeMap<>(EnvironmentBlock::compare);

  EnvironmentBlock(Map<String, String> inherited, List<EnvironmentChange> changes) {
    new TreeMap<>(inherited).forEach(this::put); // the same one of "path" and "PATH" each time
    for (EnvironmentChange change : changes) {
      apply(change);
    }
    String root = valueIn(inherited, SYSTEM_ROOT);
    if (root != null && !variables.containsKey(SYSTEM_ROOT)) {
      put(SYSTEM_ROOT, root);
    }
  }

  // Not a switch over types: that would link a call site at the first spawn.
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

  // The name of the last word is the one the child sees.
  private void put(String name, String value) {
    variables.remove(name);
    variables.put(name, Map.entry(name, value));
  }

  private static void checkName(String name) {
    int equals = name.indexOf('=', 1); // in front it marks the directory of a drive
    if (equals >= 0) {
      throw new IllegalArgumentException("environment name contains '=' at index " + equals);
    }
  }

  private static void checkLength(String name, String value) {
    int length = name.length() + 1 + value.length();
    if (length > LONGEST_ENTRY) {
      throw new IllegalArgumentException(
          "environment entry " + name + " is " + length + " UTF-16 units, limit " + LONGEST_ENTRY);
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

  /** The block: entries in order, each ending in NUL, and one more NUL. */
  String text() {
    StringBuilder block = new StringBuilder();
    for (Map.Entry<String, String> entry : variables.values()) {
      block.append(entry.getKey()).append('=').append(entry.getValue()).append('\0');
    }
    return block.isEmpty() ? "\0\0" : block.append('\0').toString();
  }

  /** The order that Windows keeps: by upper-case UTF-16 units, whatever the locale. */
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

  // As CompareStringOrdinal: only pairs that lead to each other, so not dotless i, long s or micro.
  private static char upperCase(char c) {
    char upper = Character.toUpperCase(c);
    return Character.toLowerCase(upper) == c ? upper : c;
  }
}

package io.github.jpopen.posix.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** C strings as bytes, which are never decoded, and NULL-terminated arrays of them. */
public final class CStrings {
  private CStrings() {}

  /**
   * Copies a string to native memory.
   *
   * @param string without NUL
   * @param arena the owner of the copy
   * @return the string, terminated by NUL
   */
  public static MemorySegment string(byte[] string, Arena arena) {
    MemorySegment copy = arena.allocate(string.length + 1L);
    MemorySegment.copy(MemorySegment.ofArray(string), 0, copy, 0, string.length);
    return copy;
  }

  /**
   * Copies strings to native memory.
   *
   * @param strings without NUL
   * @param arena the owner of the copy
   * @return a {@code char *[]}, terminated by NULL
   */
  public static MemorySegment array(List<byte[]> strings, Arena arena) {
    long offset = (strings.size() + 1L) * Long.BYTES;
    long size = offset;
    for (byte[] string : strings) {
      size += string.length + 1L;
    }
    MemorySegment array = arena.allocate(size, Long.BYTES);
    for (int i = 0; i < strings.size(); i++) {
      byte[] string = strings.get(i);
      array.set(ValueLayout.JAVA_LONG, (long) i * Long.BYTES, array.address() + offset);
      MemorySegment.copy(MemorySegment.ofArray(string), 0, array, offset, string.length);
      offset += string.length + 1L;
    }
    return array;
  }

  /**
   * Copies strings to the Java heap.
   *
   * @param array a {@code char *[]}, terminated by NULL, or NULL itself
   * @return the strings without NUL
   */
  @SuppressWarnings("restricted")
  public static List<byte[]> list(MemorySegment array) {
    List<byte[]> strings = new ArrayList<>();
    if (array.address() != 0) {
      MemorySegment pointers = array.reinterpret(Long.MAX_VALUE);
      for (long i = 0; ; i += Long.BYTES) {
        long string = pointers.get(ValueLayout.JAVA_LONG, i);
        if (string == 0) {
          break;
        }
        strings.add(bytes(MemorySegment.ofAddress(string).reinterpret(Long.MAX_VALUE)));
      }
    }
    return strings;
  }

  /**
   * Copies the first string that starts with a prefix to the Java heap. Of the other strings it
   * reads no more than the comparison needs.
   *
   * @param array a {@code char *[]}, terminated by NULL, or NULL itself
   * @param prefix the first bytes of the string
   * @return the string without NUL, or null if there is none
   */
  @SuppressWarnings("restricted")
  public static byte @Nullable [] find(MemorySegment array, byte[] prefix) {
    if (array.address() != 0) {
      MemorySegment pointers = array.reinterpret(Long.MAX_VALUE);
      for (long i = 0; pointers.get(ValueLayout.JAVA_LONG, i) != 0; i += Long.BYTES) {
        MemorySegment string =
            MemorySegment.ofAddress(pointers.get(ValueLayout.JAVA_LONG, i))
                .reinterpret(Long.MAX_VALUE);
        if (startsWith(string, prefix)) {
          return bytes(string);
        }
      }
    }
    return null;
  }

  private static boolean startsWith(MemorySegment string, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (string.get(ValueLayout.JAVA_BYTE, i) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(MemorySegment string) {
    int length = 0;
    while (string.get(ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    byte[] bytes = new byte[length];
    MemorySegment.copy(string, 0, MemorySegment.ofArray(bytes), 0, length);
    return bytes;
  }
}

package io.github.jpopen.windows.spawn;

import io.github.jpopen.windows.ffi.Shell32;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes a command line apart with the real CommandLineToArgvW. */
final class WindowsParser {
  private static final long LONGEST = 1 << 16;

  private WindowsParser() {}

  @SuppressWarnings("restricted")
  static List<String> parse(String line) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment text = arena.allocateFrom(line, StandardCharsets.UTF_16LE);
      MemorySegment array = Shell32.CommandLineToArgvW(state, text, count);
      List<String> arguments = new ArrayList<>();
      int size = count.get(ValueLayout.JAVA_INT, 0);
      MemorySegment pointers = array.reinterpret(ValueLayout.ADDRESS.byteSize() * size);
      for (int i = 0; i < size; i++) {
        MemorySegment argument = pointers.getAtIndex(ValueLayout.ADDRESS, i).reinterpret(LONGEST);
        arguments.add(argument.getString(0, StandardCharsets.UTF_16LE));
      }
      MemorySegment _ = io.github.jpopen.windows.ffi.Kernel32.LocalFree(state, array);
      return arguments;
    }
  }
}

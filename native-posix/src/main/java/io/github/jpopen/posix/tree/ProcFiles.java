package io.github.jpopen.posix.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads {@code /proc}. A process that has ended, or is hidden, is null. */
final class ProcFiles {
  private static final Path PROC = Path.of("/proc");
  private static final int UNKNOWN = -1;

  private final int self = Math.toIntExact(ProcessHandle.current().pid());

  /** Our own id. */
  int self() {
    return self;
  }

  /** Whether it shows this process, by the number that it has for the kernel here. */
  boolean isUsable() {
    try {
      return Files.readSymbolicLink(PROC.resolve("self")).toString().equals(Integer.toString(self))
          && stat(self) != null;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  /** The ids of all processes that can be seen. */
  int[] processes() throws IOException {
    String[] names = new File(PROC.toString()).list();
    if (names == null) {
      throw new IOException("cannot list " + PROC);
    }
    int[] ids = new int[names.length];
    int count = 0;
    for (String name : names) {
      if (Character.isDigit(name.charAt(0))) {
        ids[count++] = Integer.parseInt(name);
      }
    }
    return Arrays.copyOf(ids, count);
  }

  /** The process of that id. */
  @Nullable ProcessStat stat(int pid) throws IOException {
    byte[] bytes = read(pid, "stat");
    return bytes == null ? null : ProcessStat.parse(pid, bytes);
  }

  /** Its environment as it was at the last execve(2); null as well if it is another user's. */
  byte @Nullable [] environment(int pid) throws IOException {
    return read(pid, "environ");
  }

  /** The id that the kernel gave last, to a process or a thread; negative if that is unknown. */
  int lastId() {
    try {
      String load = new String(read(PROC + "/loadavg"), ISO_8859_1).strip();
      return Integer.parseInt(load.substring(load.lastIndexOf(' ') + 1));
    } catch (IOException | RuntimeException e) {
      return UNKNOWN;
    }
  }

  // ESRCH comes from open(2) as well as from read(2), and the JDK has no exception of its own for
  // it. What fails for want of a descriptor fails for every file. A channel would need direct
  // memory, of which other code may have taken all.
  private byte @Nullable [] read(int pid, String file) throws IOException {
    try {
      return read(PROC + "/" + pid + "/" + file);
    } catch (IOException e) {
      byte[] _ = read(PROC + "/" + self + "/stat");
      return null;
    }
  }

  private static byte[] read(String file) throws IOException {
    try (FileInputStream stream = new FileInputStream(file)) {
      return stream.readAllBytes();
    }
  }
}

package io.github.jpopen.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A cgroup below which a block may make others. */
record TestCgroup(Path path) implements AutoCloseable {
  /** Makes one; null where this process may not, or has no cgroups of version 2. */
  static @Nullable TestCgroup make() throws IOException, InterruptedException {
    for (String mount : mounts()) {
      Path path = Path.of(mount, "test-" + Long.toHexString(System.nanoTime()));
      try {
        Files.createDirectory(path);
      } catch (IOException e) {
        continue;
      }
      TestCgroup made = new TestCgroup(path);
      if (made.takesAChild()) {
        return made;
      }
      made.close();
    }
    return null;
  }

  // The mount points of proc_pid_mountinfo(5).
  private static List<String> mounts() throws IOException {
    Path mounts = Path.of("/proc/self/mountinfo");
    return Files.exists(mounts)
        ? Files.readAllLines(mounts).stream()
            .filter(line -> line.contains(" - cgroup2 "))
            .map(line -> line.split(" ", -1)[4])
            .toList()
        : List.of();
  }

  private boolean takesAChild() throws IOException, InterruptedException {
    String script = "exec 2> /dev/null; echo $$ > \"$1\"";
    String file = path.resolve("cgroup.procs").toString();
    return new ProcessBuilder("sh", "-c", script, "sh", file).start().waitFor() == 0;
  }

  /** Removes it, with what a block has left in it. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      for (Path below : all.filter(Files::isDirectory).toList()) {
        Files.delete(below);
      }
    }
    Files.delete(path);
  }
}

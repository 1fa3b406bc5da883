package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A cgroup of a test, below which it may make others and move children of this process. */
public final class DelegatedCgroup implements AutoCloseable {
  private static final String PROCESSES = "cgroup.procs";
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Path OURS = Path.of("/proc/self/cgroup");

  /** Where this process is; null if no cgroup is mounted here. */
  private final @Nullable Path ours;

  private final Path path;

  private DelegatedCgroup(@Nullable Path ours, Path path) {
    this.ours = ours;
    this.path = path;
  }

  /** Makes one, or skips the test where this process may not. */
  public static DelegatedCgroup orSkip() throws IOException, InterruptedException {
    DelegatedCgroup made = make();
    Assumptions.assumeTrue(made != null, "needs a cgroup of version 2 that may be written to");
    return Objects.requireNonNull(made);
  }

  /** Makes one; null where this process may not. */
  public static @Nullable DelegatedCgroup make() throws IOException, InterruptedException {
    for (Path mount : mounts()) {
      Path ours = mount.resolve(ourName());
      for (Path parent : List.of(ours, mount)) {
        Path path = parent.resolve("test-" + Long.toHexString(System.nanoTime()));
        try {
          Files.createDirectory(path);
        } catch (IOException e) {
          continue;
        }
        if (takesAChild(path)) {
          return new DelegatedCgroup(ours, path);
        }
        Files.delete(path);
      }
    }
    return null;
  }

  private static List<Path> mounts() throws IOException {
    List<Path> mounts = new ArrayList<>();
    if (Files.exists(MOUNTS)) {
      for (String line : Files.readAllLines(MOUNTS)) {
        if (line.contains(" - cgroup2 ")) {
          mounts.add(Path.of(line.split(" ", -1)[4])); // the mount point of proc_pid_mountinfo(5)
        }
      }
    }
    return mounts;
  }

  private static String ourName() throws IOException {
    return Files.readAllLines(OURS).stream()
        .filter(line -> line.startsWith("0::/"))
        .findFirst()
        .map(line -> line.substring("0::/".length()))
        .orElse("");
  }

  private static boolean takesAChild(Path path) throws IOException, InterruptedException {
    String script = "exec 2> /dev/null; echo $$ > \"$1\"";
    String file = path.resolve(PROCESSES).toString();
    return new ProcessBuilder("sh", "-c", script, "sh", file).start().waitFor() == 0;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The cgroups that jpopen has made below it and that are there. */
  public List<Path> children() throws IOException {
    return below(path);
  }

  private static List<Path> below(Path cgroup) throws IOException {
    try (Stream<Path> all = Files.list(cgroup)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  /** The only one that jpopen has made. */
  public Path child() throws IOException {
    List<Path> all = children();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  /** Moves a process into a cgroup. */
  public static void move(long pid, Path to) throws IOException {
    Files.writeString(to.resolve(PROCESSES), Long.toString(pid));
  }

  /** Moves this process back to where it was. */
  public void moveBack() throws IOException {
    move(ProcessHandle.current().pid(), Objects.requireNonNull(ours));
  }

  /** The processes of a cgroup. */
  public static List<Long> processes(Path cgroup) throws IOException {
    return Files.readAllLines(cgroup.resolve(PROCESSES)).stream().map(Long::valueOf).toList();
  }

  /** Removes it with those below it; fails if a test has left a process in one of them. */
  @Override
  public void close() throws IOException {
    Eventually.await("no process is in " + path, () -> isEmpty(path));
    delete(path);
  }

  private static void delete(Path cgroup) throws IOException {
    for (Path below : below(cgroup)) {
      delete(below);
    }
    Files.delete(cgroup);
  }

  private static boolean isEmpty(Path cgroup) {
    try {
      return Files.readString(cgroup.resolve("cgroup.events")).contains("populated 0");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

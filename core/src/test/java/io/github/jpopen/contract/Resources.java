package io.github.jpopen.contract;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process holds of the system: descriptors and children, from {@code /proc}; without it,
 * children only.
 */
public final class Resources {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Whether there is a {@code /proc} to count in; under Wine it would be that of the host. */
  static final boolean COUNTABLE = File.separatorChar == '/' && Files.isDirectory(DESCRIPTORS);

  /** O_NONBLOCK of Linux. */
  private static final int NON_BLOCKING = 04000;

  private static final int FIELD_STATE = 0;
  private static final int FIELD_PARENT = 1;
  private static final int FIELD_THREADS = 17;

  private final List<String> descriptors = descriptors();
  private final List<String> children = children();

  private Resources() {}

  /** Remembers what is held at this moment. */
  public static Resources now() {
    return new Resources();
  }

  /** The descriptors that are open now and were not open then. */
  List<String> newDescriptors() {
    List<String> more = descriptors();
    descriptors.forEach(more::remove);
    return more;
  }

  /** The children that exist now and did not exist then, as {@link #children} lists them. */
  List<String> newChildren() {
    List<String> more = children();
    more.removeIf(child -> children.stream().anyMatch(old -> pid(old) == pid(child)));
    return more;
  }

  /** The process id of a child as {@link #children} lists it. */
  static long pid(String child) {
    return Long.parseLong(child.substring(0, child.indexOf(':')));
  }

  /** What is held now and was not held then. */
  public List<String> more() {
    List<String> more = newDescriptors();
    more.addAll(newChildren());
    return more;
  }

  /** Waits until nothing more is held than then, and returns what is left if that takes long. */
  public List<String> moreAfterAll() {
    // One look decides: in another, a pool might just have closed one end of a pipe of its own.
    AtomicReference<List<String>> left = new AtomicReference<>(List.of());
    boolean _ =
        Eventually.holds(
            () -> {
              left.set(more());
              return left.get().isEmpty();
            });
    return left.get();
  }

  /**
   * Where our descriptors lead, sorted; without those that the JVM opens at any time, and without
   * the few wake-up descriptors that a platform may keep for the whole process.
   */
  public static List<String> descriptors() {
    List<String> targets = new ArrayList<>();
    if (!COUNTABLE) {
      return targets;
    }
    Map<String, Integer> nonBlockingEnds = new HashMap<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path link : links) {
        String target = target(link);
        if (!isPermanent(target)) {
          targets.add(target);
          if (target.startsWith("pipe:") && isNonBlocking(link)) {
            nonBlockingEnds.merge(target, 1, Integer::sum);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    // A pipe of which we have both ends, both non-blocking: where there is no eventfd, it wakes us
    // up. The child's end of a pipe is a blocking one.
    targets.removeIf(target -> nonBlockingEnds.getOrDefault(target, 0) == 2);
    Collections.sort(targets);
    return targets;
  }

  private static boolean isNonBlocking(Path link) {
    try {
      Path info = Path.of("/proc/self/fdinfo", link.getFileName().toString());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("flags:"))
          .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & NON_BLOCKING) != 0);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /**
   * The pipes that we have open, by their names. Those of before may vanish at any time, because
   * the collector finds what an earlier test has dropped. So a test looks for new ones.
   */
  static Set<String> pipes() {
    return descriptors().stream()
        .filter(target -> target.startsWith("pipe:"))
        .collect(Collectors.toSet());
  }

  /** The number of an open descriptor of this process that leads to a file. */
  static int descriptorOf(Path file) throws IOException {
    String[] numbers = Objects.requireNonNull(new File("/dev/fd").list());
    for (String number : numbers) {
      Path link = Path.of("/dev/fd", number);
      if (Files.exists(link) && Files.isSameFile(link, file)) { // the list itself is closed again
        return Integer.parseInt(number);
      }
    }
    throw new AssertionError("not open: " + file);
  }

  /** The lines of a file that may vanish: none then. */
  static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile; the directory being listed is one of them
    }
  }

  private static boolean isPermanent(String target) {
    return target.isEmpty()
        || target.startsWith("anon_inode:[event")
        || target.startsWith("/proc/")
        || target.endsWith(".jar")
        || target.endsWith(".so")
        || target.endsWith("/modules")
        || target.endsWith("random");
  }

  /** Our children with their states, zombies among them, as {@code pid:state}. */
  public static List<String> children() {
    List<String> children = new ArrayList<>();
    if (!COUNTABLE) {
      if (File.separatorChar == '/') {
        Ps.children().forEach((pid, state) -> children.add(pid + ":" + state));
      } else {
        ProcessHandle.current().children().forEach(child -> children.add(child.pid() + ":?"));
      }
      return children;
    }
    String self = Long.toString(ProcessHandle.current().pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String[] fields = stat(process);
        if (fields.length > FIELD_PARENT && fields[FIELD_PARENT].equals(self)) {
          children.add(process.getFileName() + ":" + fields[FIELD_STATE]);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return children;
  }

  /** Whether a process has ended, even if its exit was not collected. */
  static boolean hasEnded(ProcessHandle process) {
    return COUNTABLE ? isDead(process.pid()) : !process.isAlive();
  }

  /**
   * Whether a child has ended and can be waited for: its first thread may be a zombie before the
   * others are gone.
   */
  public static boolean isDead(long pid) {
    if (!COUNTABLE && File.separatorChar == '/') {
      return Ps.isDead(pid);
    }
    String[] fields = stat(pid);
    return fields.length == 0
        || ("ZX".contains(fields[FIELD_STATE]) && Integer.parseInt(fields[FIELD_THREADS]) <= 1);
  }

  /**
   * The fields of {@code /proc/PID/stat} after the name: state, parent, group, session. Empty if
   * the process is gone.
   */
  public static String[] stat(long pid) {
    return stat(Path.of("/proc/" + pid));
  }

  private static String[] stat(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException e) {
      return new String[0];
    }
  }
}

package io.github.jpopen.posix;

import io.github.jpopen.contract.Ps;
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
import java.util.concurrent.locks.LockSupport;

/**
 * What this process holds of the system: descriptors and children, from {@code /proc}; without it,
 * children only.
 */
public final class Held {
  private static final boolean COUNTABLE = Files.isDirectory(Path.of("/proc/self/fd"));
  private static final int O_NONBLOCK = 04000;

  private final List<String> descriptors = descriptors();
  private final List<String> children = children();

  /**
   * What is held now and was not when this object was made: descriptors, and children, zombies or
   * not.
   */
  public List<String> more() {
    List<String> more = descriptors();
    descriptors.forEach(more::remove);
    List<String> born = children();
    born.removeAll(children);
    more.addAll(born);
    return more;
  }

  /** Waits until nothing more is held, or for some seconds. */
  public List<String> moreAtLast() {
    long start = System.nanoTime();
    List<String> more = more();
    while (!more.isEmpty() && System.nanoTime() - start < 5_000_000_000L) {
      LockSupport.parkNanos(1_000_000);
      more = more();
    }
    return more;
  }

  /**
   * Where our descriptors lead, but for files of the JVM and descriptors for waking, of which a few
   * are kept.
   */
  public static List<String> descriptors() {
    if (!COUNTABLE) {
      return new ArrayList<>();
    }
    List<String> targets = new ArrayList<>();
    Map<String, Integer> nonBlockingEnds = new HashMap<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : links) {
        String target = target(link);
        boolean kept =
            target.isEmpty()
                || target.startsWith("anon_inode:[event")
                || target.startsWith("/proc/")
                || target.endsWith(".jar")
                || target.endsWith("/modules")
                || target.endsWith("random");
        if (!kept) {
          targets.add(target);
          if (target.startsWith("pipe:") && isNonBlocking(link)) {
            nonBlockingEnds.merge(target, 1, Integer::sum);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    // Of a child's pipe we have one end at most, and its own end blocks: these are for waking.
    targets.removeIf(target -> nonBlockingEnds.getOrDefault(target, 0) == 2);
    Collections.sort(targets);
    return targets;
  }

  private static boolean isNonBlocking(Path link) {
    try {
      Path info = Path.of("/proc/self/fdinfo", link.getFileName().toString());
      return Files.readAllLines(info).stream()
          .filter(line -> line.startsWith("flags:"))
          .anyMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & O_NONBLOCK) != 0);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  /** Our children, with a mark if they are zombies. */
  public static List<String> children() {
    List<String> children = new ArrayList<>();
    if (!COUNTABLE) {
      Ps.children().forEach((pid, state) -> children.add("process " + pid + " " + state));
      return children;
    }
    String self = Long.toString(ProcessHandle.current().pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String[] fields = stat(process);
        if (fields.length > 1 && fields[1].equals(self)) {
          children.add("process " + process.getFileName() + (fields[0].equals("Z") ? " Z" : ""));
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return children;
  }

  /** Whether a child has ended, collected or not. */
  public static boolean isDead(long pid) {
    if (!COUNTABLE) {
      return Ps.isDead(pid);
    }
    String[] fields = stat(pid);
    return fields.length == 0 || fields[0].equals("Z");
  }

  /** The fields of {@code /proc/PID/stat} after the name: state, parent, group, session. */
  public static String[] stat(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException e) {
      return new String[0];
    }
  }

  /** The fields for one process. */
  public static String[] stat(long pid) {
    return stat(Path.of("/proc/" + pid));
  }
}

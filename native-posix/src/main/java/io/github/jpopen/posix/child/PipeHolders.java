package io.github.jpopen.posix.child;

import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that have some pipes open, in {@code /proc}. Linux only: elsewhere, and where
 * {@code /proc} is not mounted, the answer is empty. Processes of other users are seen by root
 * only.
 */
final class PipeHolders implements Supplier<Map<StreamKind, List<PipeHolder>>> {
  private static final Path PROC = Path.of("/proc");
  private static final String US = Long.toString(ProcessHandle.current().pid());

  private final Path proc;
  private final Map<StreamKind, Path> links;

  /** Looks for pipes that were noted before. */
  PipeHolders(Map<StreamKind, Path> links) {
    this(PROC, links);
  }

  /** The same where the processes are elsewhere. */
  PipeHolders(Path proc, Map<StreamKind, Path> links) {
    this.proc = proc;
    this.links = links;
  }

  /** Which pipe a descriptor of ours leads to, null if that is not shown. */
  static @Nullable Path link(int descriptor) {
    try {
      return Files.readSymbolicLink(PROC.resolve("self/fd/" + descriptor));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  @Override
  public Map<StreamKind, List<PipeHolder>> get() {
    Map<StreamKind, List<PipeHolder>> holders = new EnumMap<>(StreamKind.class);
    if (links.isEmpty()) {
      return holders;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        String pid = String.valueOf(process.getFileName());
        if (!pid.equals(US)) {
          note(process, pid, holders);
        }
      }
    } catch (IOException | RuntimeException e) { // what was found so far is true
    }
    return holders;
  }

  private void note(Path process, String pid, Map<StreamKind, List<PipeHolder>> holders) {
    Set<Path> open = openPipes(process);
    if (!open.isEmpty()) {
      PipeHolder holder = new PipeHolder(Long.parseLong(pid), name(process));
      links.forEach(
          (stream, link) -> {
            if (open.contains(link)) {
              holders.computeIfAbsent(stream, _ -> new ArrayList<>()).add(holder);
            }
          });
    }
  }

  /** Those of our pipes that it has open. */
  private Set<Path> openPipes(Path process) {
    Set<Path> open = new HashSet<>();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path target = target(descriptor);
        if (target != null && links.containsValue(target)) {
          open.add(target);
        }
      }
    } catch (IOException | DirectoryIteratorException e) { // it has ended, or is another user's
    }
    return open;
  }

  private static @Nullable Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) { // closed meanwhile
      return null;
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "";
    }
  }
}

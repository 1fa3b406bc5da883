package io.github.jpopen.posix.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the processes that have pipes of one child open, in {@code /proc}. One look at all
 * processes serves all pipes. Linux only: elsewhere, and where {@code /proc} is not mounted, the
 * answer is empty. Processes of other users are seen by root only.
 */
final class PipeHolders implements Supplier<Map<StreamKind, List<PipeHolder>>> {
  private static final Path PROC = Path.of("/proc");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Path proc;
  private final Map<StreamKind, Path> pipes = new EnumMap<>(StreamKind.class);

  PipeHolders() {
    this(PROC);
  }

  /** Of processes that another directory shows. */
  PipeHolders(Path proc) {
    this.proc = proc;
  }

  /** Which pipe a descriptor of ours leads to; null where the system does not tell. */
  static @Nullable Path pipe(int descriptor) {
    return link(PROC.resolve("self/fd/" + descriptor));
  }

  /** Looks for the holders of this pipe, too. */
  void add(StreamKind stream, Path pipe) {
    pipes.put(stream, pipe);
  }

  @Override
  public Map<StreamKind, List<PipeHolder>> get() {
    Map<StreamKind, List<PipeHolder>> holders = new EnumMap<>(StreamKind.class);
    pipes.keySet().forEach(stream -> holders.put(stream, new ArrayList<>()));
    // What this directory calls us: it may belong to another namespace of process ids.
    Path us = pipes.isEmpty() ? null : link(proc.resolve("self"));
    if (us == null) {
      return holders;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (!us.equals(process.getFileName())) {
          look(process, holders);
        }
      }
    } catch (IOException | RuntimeException e) { // what was found so far is true
    }
    return holders;
  }

  private void look(Path process, Map<StreamKind, List<PipeHolder>> holders) {
    String number = String.valueOf(process.getFileName());
    Set<StreamKind> held = NUMBER.matcher(number).matches() ? heldBy(process) : Set.of();
    if (!held.isEmpty()) {
      long pid = Long.parseLong(number);
      PipeHolder holder = new PipeHolder(pid, name(process));
      held.forEach(stream -> holders.computeIfAbsent(stream, _ -> new ArrayList<>()).add(holder));
    }
  }

  private Set<StreamKind> heldBy(Path process) {
    Set<StreamKind> held = EnumSet.noneOf(StreamKind.class);
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path target = link(descriptor);
        if (target != null) {
          pipes.forEach((stream, pipe) -> addIf(pipe.equals(target), stream, held));
        }
        if (held.size() == pipes.size()) {
          break;
        }
      }
    } catch (IOException | DirectoryIteratorException e) { // it has ended, or is another user's
    }
    return held;
  }

  private static void addIf(boolean leads, StreamKind stream, Set<StreamKind> held) {
    if (leads) {
      held.add(stream);
    }
  }

  /** Where a link leads; null if it is gone, or not ours to read. */
  private static @Nullable Path link(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static String name(Path process) {
    try {
      return new String(Files.readAllBytes(process.resolve("comm")), UTF_8).strip(); // any bytes
    } catch (IOException e) {
      return "";
    }
  }
}

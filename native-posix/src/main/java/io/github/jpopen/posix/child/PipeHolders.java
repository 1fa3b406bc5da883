package io.github.jpopen.posix.child;

import io.github.jpopen.spi.PipeHolder;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds the processes that have a pipe open, in {@code /proc}. Linux only: elsewhere, and where
 * {@code /proc} is not mounted, the answer is empty. Processes of other users are seen by root
 * only.
 */
final class PipeHolders implements Supplier<List<PipeHolder>> {
  private static final Path PROC = Path.of("/proc");
  private static final String US = Long.toString(ProcessHandle.current().pid());

  private final Path pipe;

  private PipeHolders(Path pipe) {
    this.pipe = pipe;
  }

  /** Notes which pipe a descriptor of ours leads to. */
  static Supplier<List<PipeHolder>> of(int descriptor) {
    try {
      return new PipeHolders(Files.readSymbolicLink(PROC.resolve("self/fd/" + descriptor)));
    } catch (IOException | RuntimeException e) {
      return List::of;
    }
  }

  @Override
  public List<PipeHolder> get() {
    List<PipeHolder> holders = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        String pid = String.valueOf(process.getFileName());
        if (!pid.equals(US) && holds(process)) {
          holders.add(new PipeHolder(Long.parseLong(pid), name(process)));
        }
      }
    } catch (IOException | RuntimeException e) { // what was found so far is true
    }
    return holders;
  }

  private boolean holds(Path process) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (leadsToPipe(descriptor)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) { // it has ended, or is another user's
    }
    return false;
  }

  private boolean leadsToPipe(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).equals(pipe);
    } catch (IOException e) { // closed meanwhile
      return false;
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

package io.github.jpopen.windows;

import io.github.jpopen.Command;
import io.github.jpopen.Redirect;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads much from a child, with communicate and with ProcessBuilder, and prints the best time of
 * each and the ratios. Run by hand: docs/platforms.md has the command and what it gave.
 */
final class BulkReadProgram {
  private static final int MIB = 1 << 20;
  private static final int CHUNK = 64 << 10;

  private BulkReadProgram() {}

  /** One way to read; answers how many bytes came. */
  private interface Way {
    long read(List<String> child) throws IOException, InterruptedException;
  }

  private record Named(String name, Way way) {}

  /** The arguments are MiB and rounds, or what the child is to write. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("write")) {
      write(Integer.parseInt(args[1]));
      return;
    }
    int size = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    List<Named> ways =
        List.of(
            new Named("ProcessBuilder, 64 KiB read loop", BulkReadProgram::loop),
            new Named("ProcessBuilder, readAllBytes", BulkReadProgram::all),
            new Named("communicate, byte[]", BulkReadProgram::heap),
            new Named("communicate, off-heap", BulkReadProgram::offHeap));
    double[] best = new double[ways.size()];
    java.util.Arrays.fill(best, Double.MAX_VALUE);
    for (int round = 0; round <= rounds; round++) { // the first one warms up
      for (int i = 0; i < best.length; i++) {
        long start = System.nanoTime();
        long bytes = ways.get(i).way.read(child(size));
        double seconds = (System.nanoTime() - start) / 1e9;
        if (bytes != (long) size * MIB) {
          throw new AssertionError(ways.get(i).name + ": " + bytes + " bytes");
        }
        best[i] = round == 0 ? best[i] : Math.min(best[i], seconds);
      }
    }
    System.out.printf("%d MiB, best of %d%n", size, rounds);
    for (int i = 0; i < best.length; i++) {
      System.out.printf(
          Locale.ROOT,
          "%-34s %.2f s, %.2f of the loop, %.2f of readAllBytes%n",
          ways.get(i).name,
          best[i],
          best[i] / best[0],
          best[i] / best[1]);
    }
  }

  private static void write(int size) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      for (int i = 0; i < size * (MIB / CHUNK); i++) {
        out.write(chunk);
      }
    }
  }

  private static List<String> child(int size) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString());
    command.addAll(List.of("-XX:-PrintWarnings", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(BulkReadProgram.class.getName(), "write", Integer.toString(size)));
    return command;
  }

  private static Process start(List<String> child) throws IOException {
    return new ProcessBuilder(child).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static long loop(List<String> child) throws IOException, InterruptedException {
    Process process = start(child);
    byte[] buffer = new byte[CHUNK];
    long total = 0;
    try (InputStream in = process.getInputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        total += n;
      }
    }
    process.waitFor();
    return total;
  }

  private static long all(List<String> child) throws IOException, InterruptedException {
    Process process = start(child);
    byte[] bytes = process.getInputStream().readAllBytes();
    process.waitFor();
    return bytes.length;
  }

  private static Command<byte[]> reading(List<String> child) {
    return Command.of(child).stdout(Redirect.PIPE).stderr(Redirect.DEVNULL);
  }

  private static long heap(List<String> child) throws IOException, InterruptedException {
    return reading(child).start().communicate().stdout().length;
  }

  private static long offHeap(List<String> child) throws IOException, InterruptedException {
    try (Arena arena = Arena.ofShared()) {
      return reading(child).offHeap(arena).start().communicate().stdout().byteSize();
    }
  }
}

package io.github.jpopen.bench.worker;

import io.github.jpopen.bench.peer.Captured;
import io.github.jpopen.bench.peer.Job;
import io.github.jpopen.bench.peer.Peer;
import io.github.jpopen.bench.peer.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Captures a number of bytes in a fresh JVM, and prints by how many bytes the memory of the process
 * grew at its peak: {@code VmHWM} after, less {@code VmRSS} before.
 */
public final class MemoryPeak {
  private static final Path STATUS = Path.of("/proc/self/status");

  private MemoryPeak() {}

  /** The arguments are the name of the peer, the bytes to expect, and the program. */
  public static void main(String[] args) throws Exception {
    Peer peer = Peers.of(args[0]);
    long bytes = Long.parseLong(args[1]);
    List<String> command = List.of(args).subList(2, args.length);
    for (int i = 0; i < 20; i++) { // the memory of the classes and the first buffers does not count
      peer.talk(new Job(List.of("/bin/echo", "hello"), null, false)).close();
    }
    long before = kibibytes("VmRSS:");
    try (Captured captured = peer.talk(new Job(command, null, false))) {
      long peak = kibibytes("VmHWM:");
      if (captured.stdoutBytes().byteSize() != bytes) {
        throw new IllegalStateException(captured.stdoutBytes().byteSize() + " bytes");
      }
      System.out.println((peak - before) * 1024);
    }
  }

  private static long kibibytes(String field) throws Exception {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).strip().split(" ", -1)[0]);
      }
    }
    throw new IllegalStateException("no " + field);
  }
}

package io.github.jpopen.bench.worker;

import com.sun.management.ThreadMXBean;
import io.github.jpopen.bench.peer.Captured;
import io.github.jpopen.bench.peer.Job;
import io.github.jpopen.bench.peer.Peer;
import io.github.jpopen.bench.peer.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Plays rounds with the peers that are Java libraries; each line on its stdin names the next one.
 *
 * <p>Its arguments and answers are those of the workers in other languages: see {@code Worker}.
 */
public final class JvmWorker {
  /** The system property for how many rounds each peer plays before the first that counts. */
  public static final String WARM_UP = "bench.warmUp";

  private static final String ZEROS = "zeros";
  private static final int WARM_UP_ROUNDS = 1500;
  private static final long LONGEST_WARM_UP_NANOS = 4_000_000_000L;
  private static final int TIMEOUT_WARM_UP_ROUNDS = 500;
  private static final Duration WARM_UP_TIMEOUT = Duration.ofMillis(1);

  private final String what;
  private final byte @Nullable [] input;
  private final String expectation;
  private final byte @Nullable [] expected;
  private final boolean both;
  private final long number;
  private final List<String> command;
  private final Map<String, Peer> peers = new HashMap<>();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private JvmWorker(String[] args) throws IOException {
    what = args[0];
    input = load(args[1]);
    expectation = args[2];
    expected = args[2].equals(args[1]) ? input : load(args[2]);
    both = args[3].equals("2");
    number = Long.parseLong(args[4]);
    command = List.of(args).subList(5, args.length);
  }

  private static byte @Nullable [] load(String path) throws IOException {
    return path.startsWith("/") ? Files.readAllBytes(Path.of(path)) : null;
  }

  /** The arguments of every worker. */
  public static void main(String[] args) throws Exception {
    JvmWorker worker = new JvmWorker(args);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String name = lines.readLine(); name != null; name = lines.readLine()) {
      System.out.println(worker.answer(name));
    }
    System.exit(0); // a library may have left threads behind
  }

  private String answer(String name) {
    try {
      Peer peer = peers.get(name);
      if (peer == null) {
        peer = Peers.of(name);
        peers.put(name, peer);
        warmUp(peer);
      }
      return play(peer);
    } catch (Exception e) { // the other peers play on
      e.printStackTrace();
      return "0 0 0 " + e.toString().replaceAll("\\s+", "_") + " -1";
    }
  }

  // If rounds are short or few, enough are played first that none of the measured ones is
  // interpreted.
  private void warmUp(Peer peer) throws Exception {
    boolean timeout = what.equals("timeout");
    int rounds = Integer.getInteger(WARM_UP, timeout ? TIMEOUT_WARM_UP_ROUNDS : WARM_UP_ROUNDS);
    long start = System.nanoTime();
    for (int i = 0; i < rounds && System.nanoTime() - start < LONGEST_WARM_UP_NANOS; i++) {
      if (timeout) {
        overshoot(peer, WARM_UP_TIMEOUT);
      } else if (what.equals("spawn")) {
        peer.runWithoutPipes(command);
      } else if (isShort()) {
        peer.talk(new Job(command, input, both)).close();
      }
    }
  }

  private boolean isShort() {
    return what.equals("talk") && command.getFirst().endsWith("echo");
  }

  private long overshoot(Peer peer, Duration timeout) throws Exception {
    FutureTask<Long> task = new FutureTask<>(() -> peer.overshoot(command, timeout));
    peer.threads().newThread(task).start();
    return task.get();
  }

  private String play(Peer peer) throws Exception {
    // Each peer begins with a heap in the same state.
    if (what.equals("talk") && !isShort()) {
      System.gc();
    }
    long allocated = threads.getTotalThreadAllocatedBytes();
    long start = System.nanoTime();
    return switch (what) {
      case "talk" -> {
        try (Captured captured = peer.talk(new Job(command, input, both))) {
          long nanos = System.nanoTime() - start;
          allocated = threads.getTotalThreadAllocatedBytes() - allocated;
          MemorySegment stdout = captured.stdoutBytes();
          MemorySegment stderr = captured.stderrBytes();
          boolean good = isExpected(stdout) && (!both || isExpected(stderr));
          yield answer(nanos, stdout.byteSize(), stderr.byteSize(), good, allocated);
        }
      }
      case "spawn" -> {
        peer.runWithoutPipes(command);
        yield answer(System.nanoTime() - start, 0, 0, true, -1);
      }
      case "timeout" -> answer(overshoot(peer, Duration.ofNanos(number)), 0, 0, true, -1);
      case "many" -> {
        List<Captured> outputs = peer.talkToMany(new Job(command, null, false), (int) number);
        long nanos = System.nanoTime() - start;
        boolean good = outputs.size() == number;
        for (Captured output : outputs) {
          good &= isExpected(output.stdoutBytes());
        }
        yield answer(nanos, 0, 0, good, -1);
      }
      default -> throw new IllegalArgumentException(what);
    };
  }

  private boolean isExpected(MemorySegment output) {
    if (expectation.equals(ZEROS)) {
      long size = output.byteSize();
      return size > 0
          && output.get(ValueLayout.JAVA_BYTE, 0) == 0
          && output.asSlice(1).mismatch(output.asSlice(0, size - 1)) == -1;
    }
    return expected == null || output.mismatch(MemorySegment.ofArray(expected)) == -1;
  }

  private static String answer(
      long nanos, long stdout, long stderr, boolean good, long allocatedBytes) {
    return String.join(
        " ",
        Arrays.asList(
            Long.toString(nanos),
            Long.toString(stdout),
            Long.toString(stderr),
            good ? "good" : "bad",
            Long.toString(allocatedBytes)));
  }
}

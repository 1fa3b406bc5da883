package io.github.jpopen.bench;

import static io.github.jpopen.Redirect.DEVNULL;
import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.CalledProcessException;
import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Popen;
import io.github.jpopen.bench.Contest.Contender;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Communicate beside ProcessBuilder and a loop in C: much output, much of both, next to nothing,
 * and the first call of a fresh JVM.
 *
 * <p>A look and not a verdict: times depend on what else the machine does, which is why everything
 * is measured in turn and minima are printed beside medians.
 */
public final class Smoke {
  private static final int MIB = 1 << 20;
  private static final int BIG = 512 * MIB;
  private static final int MUCH = 64 * MIB;
  private static final String[] DD = {"dd", "if=/dev/zero", "bs=1M", "count=512"};
  private static final String[] ECHO = {"/bin/echo", "hello"};

  private Smoke() {}

  /** No arguments. Run from the root of the project. */
  public static void main(String[] args) throws Exception {
    describeMachine();
    Path folder = Files.createTempDirectory("jpopen-bench");
    try {
      Optional<Path> loop = CLoop.compile(folder);
      readMuch(loop);
      sendAndReadMuch(loop);
      readNextToNothing(loop);
      startFresh(folder);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Collections.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    describeLoad("at the end");
  }

  private static void readMuch(Optional<Path> loop) throws Exception {
    byte[] nothing = {};
    Contest contest =
        new Contest("512 MiB from dd")
            .with("communicate", timed(BIG, () -> communicate(nothing, DD)))
            .with("ProcessBuilder, readAllBytes", timed(BIG, () -> processBuilder(nothing, DD)));
    compareInC(contest, loop, BIG, 0, DD);
    contest.with("communicate, offHeap", timed(BIG, () -> communicateOffHeap(DD)));
    contest.play(3, 9);
  }

  private static void sendAndReadMuch(Optional<Path> loop) throws Exception {
    byte[] input = new byte[MUCH];
    Arrays.fill(input, (byte) 'x');
    Contest contest =
        new Contest("64 MiB through cat")
            .with("communicate", timed(MUCH, () -> communicate(input, "cat")))
            .with(
                "ProcessBuilder, thread, readAllBytes",
                timed(MUCH, () -> processBuilder(input, "cat")));
    compareInC(contest, loop, MUCH, MUCH, "cat");
    contest.play(5, 15);
  }

  private static void readNextToNothing(Optional<Path> loop) throws Exception {
    byte[] nothing = {};
    Contest contest =
        new Contest("/bin/echo hello")
            .with("communicate", timed(6, () -> communicate(nothing, ECHO)))
            .with("ProcessBuilder, readAllBytes", timed(6, () -> processBuilder(nothing, ECHO)));
    compareInC(contest, loop, 6, 0, ECHO);
    contest.play(200, 500);
  }

  private static void compareInC(
      Contest contest, Optional<Path> program, int bytes, int inputBytes, String... child)
      throws IOException {
    if (program.isPresent()) {
      contest
          .with("C loop", CLoop.start(program.get(), bytes, inputBytes, 0, child))
          .with(
              "C loop, with pipes of 256 KiB",
              CLoop.start(program.get(), bytes, inputBytes, 256 * 1024, child));
    }
  }

  private static void startFresh(Path folder) throws Exception {
    String classPath = jarsIfBuilt();
    List<String> plain = List.of();
    Contest contest =
        new Contest("First child of a fresh JVM, from main to its output")
            .with("communicate", () -> fresh(classPath, plain, "jpopen"))
            .with("ProcessBuilder", () -> fresh(classPath, plain, "ProcessBuilder"));
    Path cache = folder.resolve("jpopen.aot");
    Path other = folder.resolve("ProcessBuilder.aot");
    if (trained(cache, classPath, "jpopen") && trained(other, classPath, "ProcessBuilder")) {
      contest
          .with(
              "communicate, AOT cache",
              () -> fresh(classPath, List.of("-XX:AOTCache=" + cache), "jpopen"))
          .with(
              "ProcessBuilder, AOT cache",
              () -> fresh(classPath, List.of("-XX:AOTCache=" + other), "ProcessBuilder"));
    }
    contest.play(1, 15);
  }

  /** Makes an AOT cache; prints the reason if that cannot be done. */
  private static boolean trained(Path cache, String classPath, String what)
      throws IOException, InterruptedException {
    try {
      fresh(classPath, List.of("-XX:AOTCacheOutput=" + cache), what);
      return true;
    } catch (CalledProcessException e) { // a folder of classes, for example: only jars are cached
      System.out.println("No AOT cache: " + e.stdout().text().strip());
      return false;
    }
  }

  private static long fresh(String classPath, List<String> options, String what)
      throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String output =
        Command.of(java)
            .args(options)
            .args("--enable-native-access=ALL-UNNAMED", "-cp", classPath)
            .args(FirstCall.class.getName(), what)
            .text()
            .captureOutput()
            .checkOutput();
    return Long.parseLong(output.lines().findFirst().orElseThrow());
  }

  /** The class path of this JVM, with a folder of classes replaced by the jar built beside it. */
  private static String jarsIfBuilt() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      entries.add(Files.isDirectory(path) ? jarBeside(path).orElse(path).toString() : entry);
    }
    return String.join(File.pathSeparator, entries);
  }

  private static Optional<Path> jarBeside(Path classes) throws IOException {
    try (Stream<Path> files = Files.list(classes.toAbsolutePath().getParent())) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst();
    }
  }

  /** Something that returns how many bytes it read. */
  private interface Reading {
    long read() throws IOException, InterruptedException;
  }

  private static Contender timed(long expectedBytes, Reading reading) {
    return () -> {
      long start = System.nanoTime();
      long bytes = reading.read();
      long nanos = System.nanoTime() - start;
      requireBytes(expectedBytes, bytes);
      return nanos;
    };
  }

  private static long communicate(byte[] input, String... command)
      throws IOException, InterruptedException {
    try (Popen<byte[]> child =
        Command.of(List.of(command)).stdin(PIPE).stdout(PIPE).stderr(DEVNULL).start()) {
      return child.communicate(Input.wrap(input)).stdout().length;
    }
  }

  private static long communicateOffHeap(String... command)
      throws IOException, InterruptedException {
    try (Arena arena = Arena.ofConfined();
        var child =
            Command.of(List.of(command))
                .offHeap(arena)
                .stdin(PIPE)
                .stdout(PIPE)
                .stderr(DEVNULL)
                .start()) {
      return child.communicate().stdout().byteSize();
    }
  }

  private static long processBuilder(byte[] input, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    Thread writer = null;
    if (input.length == 0) {
      process.getOutputStream().close();
    } else {
      writer = Thread.ofPlatform().start(() -> send(input, process.getOutputStream()));
    }
    try (InputStream stdout = process.getInputStream()) {
      long bytes = stdout.readAllBytes().length;
      process.waitFor();
      if (writer != null) {
        writer.join();
      }
      return bytes;
    }
  }

  private static void send(byte[] input, OutputStream stdin) {
    try (stdin) {
      stdin.write(input);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void requireBytes(long expected, long actual) {
    if (actual != expected) {
      throw new IllegalStateException("read " + actual + " bytes, not " + expected);
    }
  }

  private static void describeMachine() throws IOException, InterruptedException {
    System.out.printf(
        "%s, %d processors, Java %s, at most %d MiB of heap%n",
        Command.of("uname", "-srm").text().checkOutput().strip(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Runtime.getRuntime().maxMemory() / MIB);
    describeLoad("at the start");
  }

  private static void describeLoad(String when) {
    System.out.printf(
        Locale.ROOT,
        "%nLoad average %s: %.1f%n",
        when,
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}

package io.github.jpopen.contract;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * One thing that the child of the contract tests can do. A child does several, one after another.
 *
 * <p>{@link ChildProgramTest} fails when no test uses one of them.
 */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum Behaviour {
  /** Writes bytes (in hexadecimal) to stdout. */
  OUT(1, args -> Streams.OUT.write(HexFormat.of().parseHex(args.get(0)))),
  /** Writes bytes (in hexadecimal) to stderr. */
  ERR(1, args -> Streams.ERR.write(HexFormat.of().parseHex(args.get(0)))),
  /** Copies stdin to stdout, to the end. */
  CAT(0, _ -> Streams.IN.transferTo(Streams.OUT)),
  /** Copies stdin to stdout and stderr, to the end. */
  CAT_BOTH(0, _ -> copyToBoth()),
  /** Reads stdin to the end and writes its length and SHA-256 to stdout. */
  DIGEST(0, _ -> digest()),
  /** Reads stdin to the end and exits with 1 unless it was exactly these bytes (in hexadecimal). */
  EXPECT(1, args -> expect(HexFormat.of().parseHex(args.get(0)))),
  /** Reads one line of stdin, byte by byte, and answers with {@code got } and the line. */
  ANSWER(0, _ -> answer()),
  /** Reads a number of bytes of stdin. */
  READ(1, args -> Streams.IN.readNBytes(Integer.parseInt(args.get(0)))),
  /** Copies a number of bytes of stdin to stdout. */
  PASS(1, args -> pass(Integer.parseInt(args.get(0)))),
  /** Reads stdin to the end. */
  AWAIT_EOF(0, _ -> Streams.IN.transferTo(OutputStream.nullOutputStream())),
  /**
   * Writes a number of patterned bytes to stdout (seed 1) and as many to stderr (seed 2), in turns.
   */
  FLOOD(1, args -> flood(Integer.parseInt(args.get(0)))),
  /** Sleeps a number of milliseconds. */
  SLEEP(1, args -> Thread.sleep(Long.parseLong(args.get(0)))),
  /** Lives until it is killed, and reads nothing. */
  LIVE(0, _ -> Thread.sleep(Long.MAX_VALUE)),
  /** Fills a number of bytes of memory, which stay in use. */
  FILL(1, args -> Arena.global().allocate(Long.parseLong(args.get(0))).fill((byte) 1)),
  /** Waits until a file is there. */
  AWAIT_FILE(1, args -> awaitFile(Path.of(args.get(0)))),
  /** Creates a file. */
  TOUCH(1, args -> Files.createFile(Path.of(args.get(0)))),
  /** Closes stdin. */
  CLOSE_IN(0, _ -> Streams.IN.close()),
  /** Closes stdout. */
  CLOSE_OUT(0, _ -> Streams.OUT.close()),
  /** Closes stderr. */
  CLOSE_ERR(0, _ -> Streams.ERR.close()),
  /** Exits with a code, without any clean-up. */
  EXIT(1, args -> Runtime.getRuntime().halt(Integer.parseInt(args.get(0)))),
  /** Writes {@code NAME=value} or {@code NAME unset} for one environment variable. */
  PRINT_ENV(1, args -> print(env(args.get(0)) + "\n")),
  /** Writes the names of all environment variables, one a line, sorted. */
  PRINT_ENV_NAMES(
      0, _ -> print(String.join("\n", System.getenv().keySet().stream().sorted().toList()))),
  /** Writes the working directory. */
  PRINT_CWD(0, _ -> print(Path.of("").toRealPath().toString())),
  /** Writes the remaining arguments, each in brackets. */
  PRINT_ARGS(Behaviour.ALL, args -> print("[" + String.join("][", args) + "]")),
  /** Starts a grandchild with the same three streams, which does words joined by {@code |}. */
  STARTING(1, args -> grandchild(List.of(args.getFirst().split("\\|", -1)))),
  /** Starts a grandchild with the same three streams, which does the rest, and continues. */
  GRANDCHILD(Behaviour.ALL, Behaviour::grandchild);

  /** Takes all arguments that are left. */
  static final int ALL = -1;

  /** What a behaviour does with its arguments. */
  interface Action {
    /** Does it. */
    void run(List<String> args) throws Exception;
  }

  final int arity;
  final Action action;

  Behaviour(int arity, Action action) {
    this.arity = arity;
    this.action = action;
  }

  /** The three streams without any buffer. */
  private static final class Streams {
    static final InputStream IN = new PlainInput();
    static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);
    static final OutputStream ERR = new FileOutputStream(FileDescriptor.err);
  }

  /** Only reads, because a pipe need not know its size and position. */
  private static final class PlainInput extends FilterInputStream {
    PlainInput() {
      super(new FileInputStream(FileDescriptor.in));
    }
  }

  private static void print(String text) throws IOException {
    Streams.OUT.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String env(String name) {
    String value = System.getenv(name);
    return value == null ? name + " unset" : name + "=" + value;
  }

  private static void copyToBoth() throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n = Streams.IN.read(buffer); n >= 0; n = Streams.IN.read(buffer)) {
      Streams.OUT.write(buffer, 0, n);
      Streams.ERR.write(buffer, 0, n);
    }
  }

  private static void pass(int count) throws IOException {
    for (int left = count; left > 0; ) {
      byte[] bytes = Streams.IN.readNBytes(Math.min(left, 1 << 16));
      if (bytes.length == 0) {
        return;
      }
      Streams.OUT.write(bytes);
      left -= bytes.length;
    }
  }

  private static void digest() throws IOException {
    MessageDigest digest = Pattern.digest();
    byte[] buffer = new byte[1 << 16];
    long size = 0;
    for (int n = Streams.IN.read(buffer); n >= 0; n = Streams.IN.read(buffer)) {
      digest.update(buffer, 0, n);
      size += n;
    }
    print(size + " " + HexFormat.of().formatHex(digest.digest()));
  }

  private static void expect(byte[] expected) throws IOException {
    if (!Arrays.equals(expected, Streams.IN.readAllBytes())) {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void answer() throws IOException {
    StringBuilder line = new StringBuilder("got ");
    for (int b = Streams.IN.read(); b >= 0 && b != '\n'; b = Streams.IN.read()) {
      line.append((char) b);
    }
    print(line.append('\n').toString());
  }

  private static void flood(int size) throws IOException {
    for (int offset = 0; offset < size; offset += 1 << 16) {
      byte[] chunk = new byte[Math.min(1 << 16, size - offset)];
      Pattern.fill(chunk, offset, 1);
      Streams.OUT.write(chunk);
      Pattern.fill(chunk, offset, 2);
      Streams.ERR.write(chunk);
    }
  }

  @SuppressWarnings(
      "BusyWait") // a file is the one event that every system and every redirect leaves open
  // Or until the test is over, and its directory with it.
  private static void awaitFile(Path file) throws InterruptedException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    while (!Files.exists(file) && Files.isDirectory(directory)) {
      Thread.sleep(2);
    }
  }

  private static void grandchild(List<String> steps) throws IOException {
    List<String> command = new ArrayList<>(ChildLauncher.ofJava());
    command.addAll(steps);
    Process _ = new ProcessBuilder(command).inheritIO().start();
  }
}

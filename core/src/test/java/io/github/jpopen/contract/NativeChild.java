package io.github.jpopen.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * Compiles {@code child.c}, which does what {@link ChildProgram} does and starts at once, with the
 * C compiler of the system. Windows has none: there the property names the program, if it exists.
 */
public final class NativeChild {
  /** The path of the compiled program, or {@code java} to do without. */
  private static final String PROPERTY = "jpopen.test.child";

  private static final Optional<Path> PROGRAM = find();

  private NativeChild() {}

  /** The program, or nothing if the child is to be a JVM. */
  static Optional<Path> program() {
    return PROGRAM;
  }

  /** Makes another JVM use the same child. */
  public static String option() {
    return "-D" + PROPERTY + "=" + PROGRAM.map(Path::toString).orElse("java");
  }

  private static Optional<Path> find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return Optional.of(Path.of(named)).filter(Files::isExecutable);
    }
    if (File.separatorChar != '/' || !Files.isExecutable(Path.of("/usr/bin/cc"))) {
      return Optional.empty();
    }
    try {
      return Optional.of(compiled()).filter(Files::isExecutable);
    } catch (IOException e) { // no headers, or macOS without its tools
      System.out.println("contract: the children are JVMs: " + e.getMessage());
      return Optional.empty();
    }
  }

  // Several JVMs may compile it at the same time, and the file is whole as soon as it has its name.
  private static Path compiled() throws IOException {
    byte[] source = source();
    CRC32 sum = new CRC32();
    sum.update(source);
    Path program = folder().resolve("child-" + Long.toHexString(sum.getValue()));
    if (Files.notExists(program)) {
      Path scratch = Files.createTempDirectory(folder(), "child");
      Path file = Files.write(scratch.resolve("child.c"), source);
      try {
        Files.move(compile(file), program, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.delete(file);
        Files.delete(scratch);
      }
    }
    return program;
  }

  private static byte[] source() throws IOException {
    try (InputStream source =
        Objects.requireNonNull(NativeChild.class.getResourceAsStream("child.c"))) {
      return source.readAllBytes();
    }
  }

  // A JVM under LC_ALL=C cannot name a path with other than ASCII characters.
  private static Path folder() {
    Path target = Path.of("target").toAbsolutePath();
    boolean plain = target.toString().chars().allMatch(c -> c < 128);
    return plain && Files.isDirectory(target)
        ? target
        : Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
  }

  private static Path compile(Path source) throws IOException {
    Path program = source.resolveSibling("child");
    List<String> command = List.of("cc", "-O1", "-o", program.toString(), source.toString());
    Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    compiler.getOutputStream().close();
    String messages = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    try {
      if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
        throw new IOException("cannot compile " + source + ": " + messages);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return program;
  }
}

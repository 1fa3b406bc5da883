package io.github.jpopen.bench.peer;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The output of a child, in the form its peer gives it: {@code byte[]}, {@code String} or memory.
 *
 * @param stdout what it wrote to stdout
 * @param stderr what it wrote to stderr; null if that was not captured
 * @param owner what to close when this is no longer needed
 */
public record Captured(Object stdout, @Nullable Object stderr, Runnable owner)
    implements AutoCloseable {
  private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

  /** What needs no closing. */
  public Captured(Object stdout, @Nullable Object stderr) {
    this(stdout, stderr, () -> {});
  }

  /** The bytes of stdout. */
  public MemorySegment stdoutBytes() {
    return bytes(stdout);
  }

  /** The bytes of stderr; none if it was not captured. */
  public MemorySegment stderrBytes() {
    return stderr == null ? NOTHING : bytes(stderr);
  }

  private static MemorySegment bytes(Object output) {
    return switch (output) {
      case byte[] bytes -> MemorySegment.ofArray(bytes);
      case String text -> MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
      case MemorySegment memory -> memory;
      default -> throw new IllegalArgumentException(output.getClass().getName());
    };
  }

  @Override
  public void close() {
    owner.run();
  }
}

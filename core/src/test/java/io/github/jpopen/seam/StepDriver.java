package io.github.jpopen.seam;

import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Starts one child and steps it: sends input, collects the outputs and the exit, and records what
 * the platform reported.
 */
public final class StepDriver implements ChildEvents, AutoCloseable {
  private static final int CHUNK = 64 << 10;
  private static final Duration LONGEST_RUN = Duration.ofSeconds(60);

  private final ChildProcess child;
  private final Set<StreamKind> open = EnumSet.noneOf(StreamKind.class);
  private final Map<StreamKind, ByteArrayOutputStream> output = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, byte[]> rooms = new EnumMap<>(StreamKind.class);
  private final List<String> log = new ArrayList<>();
  private MemorySegment input = MemorySegment.ofArray(new byte[0]);
  private long sent;
  private boolean idle;
  private boolean inputIdle;
  private @Nullable GrowableBuffer growable;
  private @Nullable Termination status;
  private @Nullable IOException failure;

  /**
   * Starts a child.
   *
   * @throws IOException as {@link ProcessPlatform#spawn}
   */
  public StepDriver(ProcessPlatform platform, SpawnRequest request) throws IOException {
    child = platform.spawn(request);
    add(StreamKind.STDIN, request.stdin() instanceof Pipe);
    add(StreamKind.STDOUT, request.stdout() instanceof Pipe);
    add(
        StreamKind.STDERR,
        request.stderr() instanceof Pipe || request.stderr() instanceof SharedPipe);
  }

  private void add(StreamKind stream, boolean pipe) {
    if (pipe) {
      open.add(stream);
    }
    output.put(stream, new ByteArrayOutputStream());
    rooms.put(stream, new byte[CHUNK]);
  }

  /** Sets the bytes to send. Without this, stdin is closed at the first step. */
  public StepDriver input(byte[] bytes) {
    return input(MemorySegment.ofArray(bytes));
  }

  /** Sets the bytes to send. */
  public StepDriver input(MemorySegment bytes) {
    input = bytes;
    return this;
  }

  /** Collects stdout in this buffer. */
  public StepDriver room(GrowableBuffer buffer) {
    growable = buffer;
    return this;
  }

  /** From now on only the exit is wanted. */
  public StepDriver idle() {
    idle = true;
    return this;
  }

  /** Keeps stdin open after the input was sent. */
  public StepDriver idleInput() {
    inputIdle = true;
    return this;
  }

  /** Closes stdin after the input was sent, as without {@link #idleInput}. */
  public StepDriver closesInput() {
    inputIdle = false;
    return this;
  }

  /** The child. */
  public ChildProcess child() {
    return child;
  }

  /** Does one step that waits at most this long. */
  public void step(Duration limit) throws IOException, InterruptedException {
    child.step(this, Deadline.after(limit));
  }

  /**
   * Steps until all streams have ended and the exit was reported.
   *
   * @return whether that happened within the limit
   */
  public boolean run(Duration limit) throws IOException, InterruptedException {
    Deadline deadline = Deadline.after(limit);
    do {
      if (isOver()) {
        return true;
      }
      child.step(this, deadline);
    } while (!deadline.hasPassed());
    return isOver();
  }

  /** Whether all streams have ended and the exit was reported. */
  public boolean isOver() {
    return open.isEmpty() && status != null;
  }

  /** Runs to the end and returns what came on stdout. */
  public String text() throws IOException, InterruptedException {
    if (!run(LONGEST_RUN)) {
      throw new AssertionError("no end: " + open + " open, " + log);
    }
    return stdout();
  }

  /** What has come on stdout. */
  public String stdout() {
    return bytes(StreamKind.STDOUT).toString(StandardCharsets.UTF_8);
  }

  /** What has come on stderr. */
  public String stderr() {
    return bytes(StreamKind.STDERR).toString(StandardCharsets.UTF_8);
  }

  /** What has come on stdout. */
  public byte[] stdoutBytes() {
    return bytes(StreamKind.STDOUT).toByteArray();
  }

  private ByteArrayOutputStream bytes(StreamKind stream) {
    return Objects.requireNonNull(output.get(stream));
  }

  /** How many bytes of the input the child's pipe took. */
  public long sent() {
    return sent;
  }

  /** How the child ended, or null if that was not reported. */
  public @Nullable Termination status() {
    return status;
  }

  /** Why the last stream that failed did so, or null. */
  public @Nullable IOException failure() {
    return failure;
  }

  /** What was reported besides bytes, in order. */
  public List<String> log() {
    return log;
  }

  /** Closes the child; does not kill it. */
  @Override
  public void close() {
    child.close();
  }

  // What the child asks and reports.

  @Override
  public boolean wants(StreamKind stream) {
    return !idle
        && open.contains(stream)
        && (stream != StreamKind.STDIN || sent < input.byteSize());
  }

  @Override
  public boolean closing(StreamKind stream) {
    return !idle && !inputIdle && stream == StreamKind.STDIN && sent == input.byteSize();
  }

  @Override
  public void closed(StreamKind stream) {
    end(stream, "closed");
  }

  @Override
  public MemorySegment pendingInput() {
    return input.asSlice(sent);
  }

  @Override
  public void accepted(long bytes) {
    sent += bytes;
  }

  @Override
  public void inputRefused() {
    end(StreamKind.STDIN, "refused");
  }

  @Override
  public MemorySegment room(StreamKind stream) {
    if (growable != null && stream == StreamKind.STDOUT) {
      return growable.room();
    }
    return MemorySegment.ofArray(Objects.requireNonNull(rooms.get(stream)));
  }

  @Override
  public void received(StreamKind stream, long bytes) {
    if (growable != null && stream == StreamKind.STDOUT) {
      growable.received(bytes);
      return;
    }
    byte[] room = Objects.requireNonNull(rooms.get(stream));
    bytes(stream).write(room, 0, (int) bytes);
  }

  @Override
  public void endOfFile(StreamKind stream) {
    end(stream, "end");
  }

  @Override
  public void failed(StreamKind stream, IOException error) {
    failure = error;
    end(stream, "failed");
  }

  @Override
  public void exited(Termination how) {
    if (status != null) {
      throw new AssertionError("exit reported twice");
    }
    status = how;
    log.add("exit");
  }

  private void end(StreamKind stream, String how) {
    if (!open.remove(stream)) {
      throw new AssertionError(stream + " ended twice: " + how + ", " + log);
    }
    log.add(stream + " " + how);
  }
}

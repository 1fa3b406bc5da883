package io.github.jpopen.posix;

import io.github.jpopen.ExitStatus;
import io.github.jpopen.spi.ChildEvents;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.GrowableBuffer;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.StreamKind;
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
 * The smallest conversation: sends input, collects output and the exit, and notes what was
 * reported.
 */
public final class Talk implements ChildEvents, AutoCloseable {
  private static final int CHUNK = 64 << 10;

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
  private @Nullable ExitStatus status;
  private @Nullable IOException failure;

  public Talk(ProcessPlatform platform, SpawnRequest request) throws IOException {
    child = platform.spawn(request);
    note(StreamKind.STDIN, request.stdin() instanceof Pipe);
    note(StreamKind.STDOUT, request.stdout() instanceof Pipe);
    note(StreamKind.STDERR, request.stderr() instanceof Pipe);
  }

  private void note(StreamKind kind, boolean pipe) {
    if (pipe) {
      open.add(kind);
    }
    output.put(kind, new ByteArrayOutputStream());
    rooms.put(kind, new byte[CHUNK]);
  }

  public Talk input(byte[] bytes) {
    return input(MemorySegment.ofArray(bytes));
  }

  public Talk input(MemorySegment bytes) {
    input = bytes;
    return this;
  }

  /** Puts stdout there. */
  public Talk room(GrowableBuffer buffer) {
    growable = buffer;
    return this;
  }

  /** From now on only the exit is wanted. */
  public Talk idle() {
    idle = true;
    return this;
  }

  /** Keeps stdin open and sends nothing. */
  public Talk idleInput() {
    inputIdle = true;
    return this;
  }

  public ChildProcess child() {
    return child;
  }

  public void step(Duration limit) throws IOException, InterruptedException {
    child.step(this, Deadline.after(limit));
  }

  /** Steps until all streams ended and the exit was seen; true if that was within the limit. */
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

  public boolean isOver() {
    return open.isEmpty() && status != null;
  }

  /** Runs to the end and gives the output. */
  public String text() throws IOException, InterruptedException {
    if (!run(Duration.ofSeconds(60))) {
      throw new AssertionError("no end: " + open + " open, " + log);
    }
    return stdout();
  }

  public String stdout() {
    return bytes(StreamKind.STDOUT).toString(StandardCharsets.UTF_8);
  }

  public String stderr() {
    return bytes(StreamKind.STDERR).toString(StandardCharsets.UTF_8);
  }

  private ByteArrayOutputStream bytes(StreamKind kind) {
    return Objects.requireNonNull(output.get(kind));
  }

  public byte[] stdoutBytes() {
    return bytes(StreamKind.STDOUT).toByteArray();
  }

  public long sent() {
    return sent;
  }

  public @Nullable ExitStatus status() {
    return status;
  }

  public @Nullable IOException failure() {
    return failure;
  }

  /** What was reported besides bytes, in order. */
  public List<String> log() {
    return log;
  }

  @Override
  public void close() {
    child.close();
  }

  // What the child reports.

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
    byte[] room = Objects.requireNonNull(rooms.get(stream));
    return MemorySegment.ofArray(room);
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
  public void exited(ExitStatus exit) {
    if (status != null) {
      throw new AssertionError("exit reported twice");
    }
    status = exit;
    log.add("exit");
  }

  private void end(StreamKind stream, String how) {
    if (!open.remove(stream)) {
      throw new AssertionError(stream + " ended twice: " + how + ", " + log);
    }
    log.add(stream + " " + how);
  }
}

package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connects the streams of one child that is being started. */
final class Plumbing {
  private final SpawnRequest request;
  private final Links links;
  private final Group group;
  private final int capacity;
  private final Map<StreamKind, BytePipe> ours = new EnumMap<>(StreamKind.class);
  private @Nullable Sink stdout;
  private @Nullable Sink stderr;

  Plumbing(SpawnRequest request, Links links) {
    this.request = request;
    this.links = links;
    this.group = links.groupOf(request);
    this.capacity = BytePipe.capacity(request.posix().pipeSize());
  }

  Group group() {
    return group;
  }

  Map<StreamKind, BytePipe> ours() {
    return ours;
  }

  Inbox stdin() throws IOException {
    return switch (request.stdin()) {
      case SpawnRequest.Pipe _ -> {
        BytePipe pipe = new BytePipe(capacity);
        ours.put(StreamKind.STDIN, pipe);
        yield Inbox.of(pipe);
      }
      case SpawnRequest.Linked(PipeLink link) -> {
        BytePipe pipe = links.pipe(link);
        group.quietly(pipe::addReader);
        yield Inbox.of(pipe);
      }
      case SpawnRequest.File(Path path, var _) -> {
        try {
          yield Inbox.of(Files.readAllBytes(path));
        } catch (IOException e) {
          throw refusal(path, e);
        }
      }
      default -> Inbox.of(new byte[0]);
    };
  }

  /** Opens both, in the order of their descriptors. */
  void openOutputs() throws IOException {
    Stdio out = request.stdout();
    Stdio err = request.stderr();
    if (out instanceof SpawnRequest.ToStderr) {
      Sink target = err instanceof SpawnRequest.ToStdout ? Sink.to(System.err) : sink(err, 2);
      stdout = target.again();
      stderr = err instanceof SpawnRequest.ToStdout ? Sink.to(System.out) : target;
      return;
    }
    Sink opened = sink(out, 1);
    stdout = opened;
    try {
      stderr = err instanceof SpawnRequest.ToStdout ? opened.again() : sink(err, 2);
    } finally {
      if (stderr == null) {
        opened.close();
      }
    }
  }

  Sink stdout() {
    return opened(stdout);
  }

  Sink stderr() {
    return opened(stderr);
  }

  private static Sink opened(@Nullable Sink sink) {
    if (sink == null) {
      throw new IllegalStateException("not opened");
    }
    return sink;
  }

  private Sink sink(Stdio to, int descriptor) throws IOException {
    StreamKind stream = descriptor == 1 ? StreamKind.STDOUT : StreamKind.STDERR;
    return switch (to) {
      case SpawnRequest.Pipe _ -> Sink.to(pipeToUs(stream));
      case SpawnRequest.SharedPipe(PipeLink link) -> {
        BytePipe pipe = pipeToUs(stream);
        pipe.addWriter();
        links.keep(link, pipe, group, pipe::dropWriter);
        yield Sink.to(pipe);
      }
      case SpawnRequest.PipeToNext(PipeLink link) -> {
        BytePipe pipe = new BytePipe(capacity);
        links.keep(link, pipe, group, pipe::dropReader);
        yield Sink.to(pipe);
      }
      case SpawnRequest.Linked(PipeLink link) -> {
        BytePipe pipe = links.pipe(link);
        group.quietly(pipe::addWriter);
        yield Sink.to(pipe);
      }
      case SpawnRequest.File(Path path, SpawnRequest.File.Mode mode) -> file(path, mode);
      case SpawnRequest.Inherit _ -> ours(descriptor);
      case SpawnRequest.Descriptor(int number) -> ours(number);
      default -> Sink.nowhere();
    };
  }

  private BytePipe pipeToUs(StreamKind stream) {
    BytePipe pipe = new BytePipe(capacity);
    ours.put(stream, pipe);
    return pipe;
  }

  /** What the test can capture. */
  private static Sink ours(int descriptor) {
    return switch (descriptor) {
      case 1 -> Sink.to(System.out);
      case 2 -> Sink.to(System.err);
      default -> Sink.nowhere();
    };
  }

  private Sink file(Path path, SpawnRequest.File.Mode mode) throws IOException {
    OpenOption how =
        mode == SpawnRequest.File.Mode.APPEND
            ? StandardOpenOption.APPEND
            : StandardOpenOption.TRUNCATE_EXISTING;
    try {
      OutputStream file =
          Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, how);
      return Sink.toFile(file);
    } catch (IOException e) {
      throw refusal(path, e);
    }
  }

  private SpawnRefused refusal(Path path, IOException e) {
    boolean missing = e instanceof NoSuchFileException;
    boolean isFolder = !missing && Files.isDirectory(path);
    return Refusals.redirect(request, path, missing ? 2 : isFolder ? 21 : 13);
  }
}

package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.child.ChildPipe;
import io.github.jpopen.posix.child.ChildServices;
import io.github.jpopen.posix.libc.CStrings;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.libc.Posix.Access;
import io.github.jpopen.posix.wait.Closing;
import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Linked;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.PipeToNext;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.ToStderr;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.spi.StreamKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens what the child's standard streams lead to.
 *
 * <p>Whatever is opened here is numbered 3 or above. If this process was started without one of the
 * lower numbers, a pipe would otherwise land there and be overwritten in the child.
 */
final class ChildStreams {
  private static final int NONE = -1;
  private static final StreamKind[] KINDS = StreamKind.values();

  private static final byte[] NULL_DEVICE = "/dev/null".getBytes(StandardCharsets.US_ASCII);

  private final Posix posix;
  private final Arena arena;
  private final Descriptors descriptors;
  private final StandardDescriptors standard;
  private final SpawnFailure failure;
  private final OptionalInt pipeSize;
  private final int[] sources = {SpawnConstants.KEEP, SpawnConstants.KEEP, SpawnConstants.KEEP};
  private final int[] ours = {NONE, NONE, NONE};
  private final int[] kept = {NONE, NONE, NONE};
  private final @Nullable PipeLink[] links = new @Nullable PipeLink[KINDS.length];
  private @Nullable LongConsumer closer; // made before there is a child

  ChildStreams(
      Posix posix,
      Arena arena,
      Descriptors descriptors,
      StandardDescriptors standard,
      SpawnFailure failure,
      OptionalInt pipeSize) {
    this.posix = posix;
    this.arena = arena;
    this.descriptors = descriptors;
    this.standard = standard;
    this.failure = failure;
    this.pipeSize = pipeSize;
  }

  void open(SpawnRequest request) throws SpawnRefused {
    open(0, request.stdin());
    if (!(request.stdout() instanceof ToStderr)) {
      open(1, request.stdout());
      open(2, request.stderr());
    } else if (request.stderr() instanceof ToStdout) {
      sources[1] = own(2);
      sources[2] = own(1);
    } else {
      open(2, request.stderr());
      sources[1] = sources[2] == SpawnConstants.KEEP ? own(2) : sources[2];
    }
  }

  /** What becomes 0, 1 and 2 in the child. */
  int[] sources() {
    return sources;
  }

  /** Our end of each pipe. */
  List<ChildPipe> pipes(ChildServices services) {
    List<ChildPipe> pipes = new ArrayList<>(ours.length);
    for (int stream = 0; stream < ours.length; stream++) {
      if (ours[stream] != NONE) {
        pipes.add(new ChildPipe(services, KINDS[stream], ours[stream], pipeSize.isEmpty()));
      }
    }
    return pipes;
  }

  /** Hands the ends that are for other children to their links. Needs no memory. */
  void keepLinks() {
    for (int stream = 0; stream < links.length; stream++) {
      PipeLink link = links[stream];
      if (link != null && closer != null) {
        descriptors.keep(kept[stream]);
        link.keep(kept[stream], closer);
      }
    }
  }

  // Not a switch over types: that would link a call site at the first spawn.
  private void open(int stream, Stdio stdio) throws SpawnRefused {
    if (stdio instanceof Pipe) {
      pipe(stream);
    } else if (stdio instanceof Inherit) {
      sources[stream] = standard.isOurs(stream) ? SpawnConstants.KEEP : nullDevice();
    } else if (stdio instanceof ToStdout) {
      sources[stream] = SpawnConstants.STDOUT;
    } else if (stdio instanceof File file) {
      sources[stream] = file(file);
    } else if (stdio instanceof Descriptor descriptor) {
      sources[stream] = copy(descriptor.number());
    } else if (stdio instanceof SharedPipe shared) {
      pipe(stream);
      link(stream, sources[stream], shared.link());
    } else if (stdio instanceof PipeToNext next) {
      pipeToNext(stream, next.link());
    } else if (stdio instanceof Linked linked) {
      sources[stream] = (int) linked.link().end();
    } else {
      sources[stream] = nullDevice();
    }
  }

  private void pipe(int stream) throws SpawnRefused {
    int[] ends = newPipe();
    ours[stream] = stream == 0 ? ends[1] : ends[0];
    sources[stream] = stream == 0 ? ends[0] : ends[1];
    // Ours only: the child would not expect EAGAIN. The two ends of a pipe are different open
    // files.
    check("fcntl", posix.setNonBlocking(ours[stream]));
    setSize(ours[stream]);
  }

  private void pipeToNext(int stream, PipeLink link) throws SpawnRefused {
    int[] ends = newPipe();
    sources[stream] = ends[1];
    link(stream, ends[0], link);
    setSize(ends[1]);
  }

  private void link(int stream, int end, PipeLink link) {
    kept[stream] = end;
    links[stream] = link;
    closer = descriptor -> Closing.close(posix, (int) descriptor);
  }

  /** The reading and the writing end. */
  private int[] newPipe() throws SpawnRefused {
    MemorySegment ends = arena.allocate(2L * Integer.BYTES, Integer.BYTES);
    check("pipe", posix.pipe(ends));
    int reading = descriptors.add(ends.get(ValueLayout.JAVA_INT, 0));
    int writing = descriptors.add(ends.get(ValueLayout.JAVA_INT, Integer.BYTES));
    return new int[] {lift(reading), lift(writing)};
  }

  private void setSize(int pipe) throws SpawnRefused {
    if (pipeSize.isPresent()) {
      int result = posix.setPipeSize(pipe, pipeSize.getAsInt());
      // Where there is no such call, pipes have the size they have.
      if (result < 0 && result != -posix.constants().ENOSYS()) {
        throw failure.ofLimit("pipe size " + pipeSize.getAsInt(), "fcntl", -result);
      }
    }
  }

  private int nullDevice() throws SpawnRefused {
    int result = posix.open(CStrings.string(NULL_DEVICE, arena), Access.BOTH);
    return opened("/dev/null", result);
  }

  /** A stream of ours under another number in the child. */
  private int own(int stream) throws SpawnRefused {
    return standard.isOurs(stream) ? copy(stream) : nullDevice();
  }

  private int file(File file) throws SpawnRefused {
    return opened(file.path().toString(), new RedirectFile(posix, file).open());
  }

  private int opened(String display, int result) throws SpawnRefused {
    if (result < 0) {
      throw failure.ofRedirect("\"" + display + "\"", "open", -result);
    }
    return lift(descriptors.add(result));
  }

  // A copy, so that it is still the same file if another thread closes the number before the child
  // starts.
  private int copy(int number) throws SpawnRefused {
    int result = posix.duplicate(number, SpawnConstants.FIRST_OTHER);
    if (result < 0) {
      throw failure.ofRedirect("descriptor " + number, "fcntl", -result);
    }
    return descriptors.add(result);
  }

  private int lift(int descriptor) throws SpawnRefused {
    if (descriptor >= SpawnConstants.FIRST_OTHER) {
      return descriptor;
    }
    int result = posix.duplicate(descriptor, SpawnConstants.FIRST_OTHER);
    check("fcntl", result);
    descriptors.keep(descriptor);
    Closing.close(posix, descriptor);
    return descriptors.add(result);
  }

  private void check(String call, int result) throws SpawnRefused {
    if (result < 0) {
      throw failure.of(call, -result);
    }
  }
}

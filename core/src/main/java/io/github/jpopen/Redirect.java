package io.github.jpopen;

import io.github.jpopen.command.CommandChecks;
import io.github.jpopen.output.ChannelTap;
import io.github.jpopen.output.Keep;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.output.OutputTap;
import io.github.jpopen.output.StreamTap;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.File.Mode;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.ToStderr;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a standard stream of the child leads.
 *
 * {@snippet file="CommandSnippets.java" region="redirect" :
 * Command<byte[]> sort = Command.of("sort").stdin(Redirect.from(words)).stderr(DEVNULL);
 * sort.stdout(Redirect.to(sorted)).checkCall(); // a file: nothing passes through this JVM
 * Command<String> shell = Command.shell("echo out; echo err >&2").text();
 * String both = shell.stdout(PIPE).stderr(STDOUT).checkOutput(); // "out\nerr\n"
 * }
 *
 * <p>This process opens the files when the child is started. Relative paths are resolved against
 * its own working directory, not that of the child; see {@link Command#cwd}.
 *
 * <p>A FIFO is opened as a shell does: {@link Command#start} waits until another process opens the
 * other end. No timeout covers that. An interrupt ends the wait with a {@link SpawnException} whose
 * error is {@code EINTR}, and stays pending.
 *
 * <p>{@code PIPE} has methods that bound what is kept of an output: {@link #limit}, {@link #head},
 * {@link #tail}, {@link #headAndTail}, {@link #closeAfter} and {@link #spillTo}. If two are set,
 * the last one wins. Such an output is for {@code communicate} and the one-shot calls, and has no
 * stream.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Redirect {
  /**
   * A new pipe to this process. {@link Popen#communicate()} and the streams of {@link Popen} use
   * our end of it.
   */
  public static final Redirect PIPE = new Redirect("PIPE", new Pipe());

  /** The null device. The child reads the end of file at once, and what it writes is discarded. */
  public static final Redirect DEVNULL = new Redirect("DEVNULL", new Null());

  /**
   * This process's own stream of the same number. This is the default.
   *
   * <p>If that stream was closed when the JVM started, the child gets the null device. The JVM has
   * opened a file of its own under that number.
   *
   * <p>On POSIX, a file that this program has opened takes such a number if it is still free. It
   * then counts as the stream, because the system does not tell them apart: the child inherits it.
   */
  public static final Redirect INHERIT = new Redirect("INHERIT", new Inherit());

  /** For stderr only: wherever the child's stdout leads. Both are in the order of writing. */
  public static final Redirect STDOUT = new Redirect("STDOUT", new ToStdout());

  /**
   * For stdout only: wherever the child's stderr leads. Both are in the order of writing, and what
   * is captured is in {@link Output#stderr()}.
   *
   * {@snippet file="CommandSnippets.java" region="stderr" :
   * Command<String> tool = Command.shell("echo progress; echo warning >&2").text();
   * Command<String> quiet = tool.stdout(Redirect.STDERR); // both on stderr: our stdout is for data
   * IO.print(quiet.stderr(PIPE).run().stderr()); // progress, warning
   * Command<String> exchanged = quiet.stderr(STDOUT);
   * }
   *
   * <p>If stderr is {@link #STDOUT} at the same time, the two are exchanged, as a shell does with
   * {@code 3>&1 1>&2 2>&3}. Stdout then leads to the stderr of this process, and stderr to its
   * stdout.
   */
  public static final Redirect STDERR = new Redirect("STDERR", new ToStderr());

  private final String name;
  private final Stdio stdio;
  private final @Nullable Keep keep; // null for everything
  private final List<OutputTap.Opener> taps;
  private final @Nullable TextMode mode;

  private Redirect(String name, Stdio stdio) {
    this(name, stdio, null, List.of(), null);
  }

  private Redirect(
      String name,
      Stdio stdio,
      @Nullable Keep keep,
      List<OutputTap.Opener> taps,
      @Nullable TextMode mode) {
    this.name = name;
    this.stdio = stdio;
    this.keep = keep;
    this.taps = taps;
    this.mode = mode;
  }

  /**
   * For stdin: reads from a file.
   *
   * @param file must exist; {@link Command#start} refuses a directory
   * @return the redirect
   * @throws IllegalArgumentException if it is empty or belongs to another file system, for example
   *     to an archive
   */
  public static Redirect from(Path file) {
    return new Redirect("from", file(file, Mode.READ));
  }

  /**
   * For stdout and stderr: writes to a file. It is created if it is missing, and emptied if it
   * exists.
   *
   * <p>To send both outputs to one file, use {@link #STDOUT} for stderr. Two separate redirects to
   * the same file overwrite each other.
   *
   * @param file where to write
   * @return the redirect
   * @throws IllegalArgumentException if it is empty or belongs to another file system, for example
   *     to an archive
   */
  public static Redirect to(Path file) {
    return new Redirect("to", file(file, Mode.WRITE));
  }

  /**
   * For stdout and stderr: writes to the end of a file. It is created if it is missing.
   *
   * @param file where to write
   * @return the redirect
   * @throws IllegalArgumentException if it is empty or belongs to another file system, for example
   *     to an archive
   */
  public static Redirect appendTo(Path file) {
    return new Redirect("appendTo", file(file, Mode.APPEND));
  }

  private static File file(Path path, Mode mode) {
    if (CommandChecks.path(path, "file").toString().isEmpty()) {
      throw new IllegalArgumentException("file name is empty");
    }
    return new File(path, mode);
  }

  /**
   * Uses an open descriptor of this process. It stays open here, and its flags are not changed. If
   * it is not open, the start fails with a {@link SpawnException}.
   *
   * @param descriptor its number; on Windows only 0, 1 and 2 can be open
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   */
  public static Redirect fd(int descriptor) {
    if (descriptor < 0) {
      throw new IllegalArgumentException("descriptor " + descriptor + " is negative");
    }
    return new Redirect("fd", new Descriptor(descriptor));
  }

  /**
   * For an output in a pipe: more than that much is an error. A one-shot call kills the child and
   * throws {@link OutputLimitException}, which holds the first {@code bytes} bytes.
   *
   * {@snippet file="OutputSnippets.java" region="limit" :
   * Command<String> endless = Command.of("yes").text().stdout(PIPE.limit(1 << 20));
   * try {
   *   endless.checkCall();
   * } catch (OutputLimitException e) { // "yes" was killed
   *   IO.println(e.stream() + ": " + e.stdout().size()); // STDOUT: 1048576
   * }
   * }
   *
   * <p>{@link Popen#communicate()} throws it too, and leaves the child alone. Each further call
   * throws it again. A consumer or a tee may get more than the limit: all that came with the byte
   * that was too much.
   *
   * @param bytes how much may come
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect limit(long bytes) {
    return keeping("limit", Keep.Rule.LIMIT, bytes, null);
  }

  /**
   * For an output in a pipe: keeps the first bytes. The others are read and discarded, so the child
   * goes on. {@link Output#stdoutOmitted} counts them.
   *
   * {@snippet file="OutputSnippets.java" region="head" :
   * Command<String> numbers = Command.of("seq", "100000").text();
   * IO.print(numbers.stdout(PIPE.head(4)).run().stdout()); // 1, 2
   * CompletedProcess<String> both = numbers.stdout(PIPE.headAndTail(8)).run();
   * IO.println(both.stdout().lines().toList()); // [1, 2, 3, 4, , 100000]
   * IO.print(numbers.stdout(PIPE.closeAfter(4)).run().stdout()); // 1, 2, and "seq" gets SIGPIPE
   * }
   *
   * @param bytes how much is kept; 0 for nothing
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect head(long bytes) {
    return keeping("head", Keep.Rule.HEAD, bytes, null);
  }

  /**
   * For an output in a pipe: keeps the last bytes. {@link Output#stdoutOmitted} counts the others.
   *
   * {@snippet file="OutputSnippets.java" region="tail" :
   * Command<String> build = Command.shell("seq 100000; echo done").text();
   * CompletedProcess<String> end = build.stdout(PIPE.tail(18)).run();
   * IO.print(end.stdout()); // 99999, 100000, done
   * IO.println(end.stdoutOmitted() + " bytes before that"); // 588882 bytes before that
   * }
   *
   * <p>Text begins with a whole character in UTF-8, UTF-16, UTF-32 and charsets of one byte. In
   * others, malformed bytes are replaced after the cut, even with {@link TextErrors#STRICT}.
   *
   * @param bytes how much is kept
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect tail(long bytes) {
    return keeping("tail", Keep.Rule.TAIL, bytes, null);
  }

  /**
   * For an output in a pipe: keeps the first bytes and the last bytes. The result has the last ones
   * right after the first, and {@link Output#stdoutOmitted} counts what was between them.
   *
   * @param bytes how much is kept of each
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect headAndTail(long bytes) {
    return keeping("headAndTail", Keep.Rule.HEAD_AND_TAIL, bytes, null);
  }

  /**
   * For an output in a pipe: closes the pipe once that much has come, as {@code head -c} does. A
   * child that writes more gets SIGPIPE, or an error. {@link Output#isStdoutComplete} is false
   * then.
   *
   * @param bytes how much is read
   * @return the redirect
   * @throws IllegalArgumentException if it is not positive
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect closeAfter(long bytes) {
    if (bytes == 0) {
      throw new IllegalArgumentException("closeAfter(0) would read nothing: use DEVNULL");
    }
    return keeping("closeAfter", Keep.Rule.CLOSE_AFTER, bytes, null);
  }

  /**
   * For an output in a pipe: keeps everything, in memory up to a limit. If more comes, all of it
   * goes to a new file, which {@link Output#stdoutFile} names.
   *
   * {@snippet file="OutputSnippets.java" region="spillTo" :
   * Command<byte[]> dump = Command.of("head", "-c", "1000000", "/dev/zero");
   * CompletedProcess<byte[]> dumped = dump.stdout(PIPE.spillTo(folder, 65536)).run();
   * if (dumped.stdoutFile().isPresent()) {
   *   IO.println(Files.size(dumped.stdoutFile().get())); // 1000000
   *   Files.delete(dumped.stdoutFile().get());
   * } else {
   *   IO.println(dumped.stdout().length);
   * }
   * }
   *
   * <p>If the file cannot be written, for example because the disk is full, the call fails at once.
   *
   * <p>The file belongs to the caller, even if the call fails: {@link Captured#file} names it then.
   * Only its owner may read it, where the system has such permissions.
   *
   * @param directory where the file is made; must exist
   * @param bytes how much stays in memory
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect spillTo(Path directory, long bytes) {
    return keeping(
        "spillTo", Keep.Rule.SPILL, bytes, Objects.requireNonNull(directory, "directory is null"));
  }

  /**
   * For an output in a pipe: copies it to a stream as it comes, in addition to what is kept.
   *
   * {@snippet file="OutputSnippets.java" region="tee" :
   * Command<String> tests = Command.shell("echo 12 passed; echo 1 skipped >&2").text();
   * String passed = tests.stdout(PIPE.tee(System.out)).stderr(PIPE.tee(report)).run().stdout();
   * IO.print(passed); // 12 passed, a second time
   * }
   *
   * <ul>
   *   <li>The stream is flushed after each piece, and never closed. The threads that call a
   *       consumer of {@link Command#onLine} write to it.
   *   <li>If it throws, the call ends as with a consumer of {@link Command#onLine} that throws.
   *   <li>A slow stream slows the child.
   * </ul>
   *
   * @param stream for the bytes of the output, whatever its charset is
   * @return the redirect
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect tee(OutputStream stream) {
    Objects.requireNonNull(stream, "stream is null");
    return tapped("tee", keep, StreamTap.to(stream));
  }

  /**
   * For an output in a pipe: copies it to a file as it comes, in addition to what is kept.
   *
   * <p>A FIFO is opened when another process opens it for reading, however long that takes. No
   * timeout covers that. An interrupt ends the wait with an {@link java.io.InterruptedIOException},
   * and stays pending.
   *
   * <p>If both outputs of a child have a tee to the same file, they overwrite each other.
   *
   * @param file created if it is missing, and emptied if it exists, before the child starts. Closed
   *     at the end of the output, or with the child
   * @return the redirect
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect tee(Path file) {
    Objects.requireNonNull(file, "file is null");
    return tapped("tee", keep, StreamTap.to(file));
  }

  /**
   * For stdout and stderr: copies the output to a stream of this JVM. Nothing is captured. The
   * rules are those of {@link #tee(OutputStream)}.
   *
   * @param stream flushed after each piece, and never closed
   * @return the redirect
   */
  public static Redirect to(OutputStream stream) {
    Objects.requireNonNull(stream, "stream is null");
    return consumed().tapped("to", Keep.NOTHING, StreamTap.to(stream));
  }

  /**
   * For stdout and stderr: copies the output to a channel of this JVM. Nothing is captured. The
   * rules are those of {@link #tee(OutputStream)}.
   *
   * <ul>
   *   <li>A channel that takes nothing is asked again and again, at growing distances of up to 16
   *       ms. Meanwhile the limits of the call are looked at, and an interrupt loses nothing.
   *   <li>A channel ends the call, as if it had thrown, if it miscounts. It must return how many
   *       bytes it has taken from the buffer.
   * </ul>
   *
   * @param channel in blocking mode; never closed. An interrupt of the thread that writes closes an
   *     {@link java.nio.channels.InterruptibleChannel}
   * @return the redirect
   * @throws IllegalBlockingModeException if the channel is in non-blocking mode
   */
  public static Redirect to(WritableByteChannel channel) {
    Objects.requireNonNull(channel, "channel is null");
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    return consumed().tapped("to", Keep.NOTHING, ChannelTap.to(channel));
  }

  /**
   * For a stream in a pipe: its text is in another charset than that of {@link
   * Command#text(Charset)}. Bytes that are not text are an error, see {@link TextErrors#STRICT}.
   *
   * @param charset for this stream only
   * @return the redirect
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect charset(Charset charset) {
    return charset(charset, TextErrors.STRICT);
  }

  /**
   * For a stream in a pipe: its text is in another charset than that of {@link
   * Command#text(Charset)}, or has another policy for errors.
   *
   * {@snippet file="OutputSnippets.java" region="charset" :
   * Command<String> tool = Command.shell("printf '\\344'; printf 'oh\\377' >&2").text();
   * CompletedProcess<String> done =
   *     tool.stdout(PIPE.charset(ISO_8859_1)).stderr(PIPE.charset(UTF_8, REPLACE)).run();
   * IO.println(done.stdout()); // ä
   * IO.println(done.stderr()); // oh, and U+FFFD
   * }
   *
   * @param charset for this stream only
   * @param errors what to do with bytes that are not text, and with characters that cannot be
   *     encoded
   * @return the redirect
   * @throws IllegalStateException if this is not a pipe
   */
  public Redirect charset(Charset charset, TextErrors errors) {
    requirePipe("charset");
    TextMode own =
        new TextMode(
            Objects.requireNonNull(charset, "charset is null"),
            Objects.requireNonNull(errors, "errors is null").policy());
    return new Redirect(name, stdio, keep, taps, own);
  }

  private Redirect tapped(String method, @Nullable Keep kept, OutputTap.Opener tap) {
    requirePipe(method);
    List<OutputTap.Opener> all = new ArrayList<>(taps);
    all.add(tap);
    return new Redirect(name, stdio, kept, List.copyOf(all), mode);
  }

  private Redirect keeping(String method, Keep.Rule rule, long bytes, @Nullable Path directory) {
    requirePipe(method);
    if (bytes < 0) {
      throw new IllegalArgumentException(method + ": " + bytes + " bytes are negative");
    }
    return new Redirect(name, stdio, new Keep(rule, bytes, directory), taps, mode);
  }

  private void requirePipe(String method) {
    if (!isPipe()) {
      throw new IllegalStateException(method + " is for PIPE, not for " + this);
    }
  }

  /** Where a stream in a pipeline leads. */
  static Redirect linked(Stdio stdio) {
    return new Redirect("a pipe of the pipeline", stdio);
  }

  /** Where an output leads: as set, into a pipe if it is captured or has consumers, or to ours. */
  static Redirect output(@Nullable Redirect set, boolean captured, boolean consumed) {
    if (captured) {
      return PIPE;
    }
    return set != null ? set : consumed ? consumed() : INHERIT;
  }

  /** A pipe whose bytes go to consumers only. */
  static Redirect consumed() {
    return new Redirect("PIPE", new Pipe(), Keep.NOTHING, List.of(), null);
  }

  /** Makes the place where the bytes of an output are kept. */
  OutputBuffer newBuffer(OutputForm<?> form) throws IOException {
    return keep == null ? form.newBuffer() : keep.newBuffer(form);
  }

  List<OutputTap.Opener> taps() {
    return taps;
  }

  /** The charset of this stream; null if it has none of its own. */
  @Nullable TextMode mode() {
    return mode;
  }

  Stdio stdio() {
    return stdio;
  }

  boolean isPipe() {
    return stdio instanceof Pipe || stdio instanceof SharedPipe;
  }

  /** Whether the result has the output, or a part of it. */
  boolean isCapturing() {
    return isPipe() && !Keep.NOTHING.equals(keep);
  }

  /** Refuses what makes no sense for stdin. */
  static Redirect forStdin(Redirect redirect) {
    refuseStdout(redirect);
    refuseStderr(redirect);
    if (redirect.keep != null || !redirect.taps.isEmpty()) {
      throw new IllegalArgumentException(
          "a limit or a tee is for an output, not for stdin: use PIPE");
    }
    if (redirect.stdio instanceof File file && file.mode() != Mode.READ) {
      throw new IllegalArgumentException(
          redirect + "(file) is for an output, not for stdin: use from(file)");
    }
    return redirect;
  }

  /** Refuses what makes no sense for stdout. */
  static Redirect forStdout(Redirect redirect) {
    refuseStdout(redirect);
    return forOutput(redirect, "stdout");
  }

  /** Refuses what makes no sense for stderr. */
  static Redirect forStderr(Redirect redirect) {
    refuseStderr(redirect);
    return forOutput(redirect, "stderr");
  }

  /** Refuses what several children cannot share. */
  void checkForSeveral() {
    if (stdio instanceof ToStdout) {
      throw new IllegalArgumentException(
          "STDOUT would send all errors to the next stage: set it on the command that is to do so");
    }
    if (stdio instanceof File file && file.mode() == Mode.WRITE) {
      throw new IllegalArgumentException(
          "to(file) would let the stages overwrite each other: use appendTo(file)");
    }
    if (!taps.isEmpty()) {
      throw new IllegalArgumentException(
          "a tee would get the bytes of several stages at the same time: set it on a command");
    }
  }

  private static void refuseStdout(Redirect redirect) {
    if (redirect.stdio instanceof ToStdout) {
      throw new IllegalArgumentException("STDOUT is only for stderr: use PIPE, or to(file)");
    }
  }

  private static void refuseStderr(Redirect redirect) {
    if (redirect.stdio instanceof ToStderr) {
      throw new IllegalArgumentException("STDERR is only for stdout: use PIPE, or to(file)");
    }
  }

  private static Redirect forOutput(Redirect redirect, String stream) {
    if (redirect.stdio instanceof File file && file.mode() == Mode.READ) {
      throw new IllegalArgumentException(
          "from(file) is for stdin, not for " + stream + ": use to(file)");
    }
    return redirect;
  }

  @Override
  public String toString() {
    return name;
  }
}

package io.github.jpopen;

import io.github.jpopen.command.CommandChecks;
import io.github.jpopen.spi.SpawnRequest.Descriptor;
import io.github.jpopen.spi.SpawnRequest.File;
import io.github.jpopen.spi.SpawnRequest.File.Mode;
import io.github.jpopen.spi.SpawnRequest.Inherit;
import io.github.jpopen.spi.SpawnRequest.Null;
import io.github.jpopen.spi.SpawnRequest.Pipe;
import io.github.jpopen.spi.SpawnRequest.SharedPipe;
import io.github.jpopen.spi.SpawnRequest.Stdio;
import io.github.jpopen.spi.SpawnRequest.ToStdout;
import java.nio.file.Path;

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
   */
  public static final Redirect INHERIT = new Redirect("INHERIT", new Inherit());

  /** For stderr only: wherever the child's stdout leads. Both are in the order of writing. */
  public static final Redirect STDOUT = new Redirect("STDOUT", new ToStdout());

  private final String name;
  private final Stdio stdio;

  private Redirect(String name, Stdio stdio) {
    this.name = name;
    this.stdio = stdio;
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
   * Uses an open descriptor of this process. It stays open here, and its flags are not changed.
   *
   * @param descriptor its number
   * @return the redirect
   * @throws IllegalArgumentException if it is negative
   */
  public static Redirect fd(int descriptor) {
    if (descriptor < 0) {
      throw new IllegalArgumentException("descriptor " + descriptor + " is negative");
    }
    return new Redirect("fd", new Descriptor(descriptor));
  }

  /** Where a stream in a pipeline leads. */
  static Redirect linked(Stdio stdio) {
    return new Redirect("a pipe of the pipeline", stdio);
  }

  Stdio stdio() {
    return stdio;
  }

  boolean isPipe() {
    return stdio instanceof Pipe || stdio instanceof SharedPipe;
  }

  /** Refuses what makes no sense for stdin. */
  static Redirect forStdin(Redirect redirect) {
    refuseStdout(redirect);
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
  }

  private static void refuseStdout(Redirect redirect) {
    if (redirect.stdio instanceof ToStdout) {
      throw new IllegalArgumentException("STDOUT is only for stderr: use PIPE, or to(file)");
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

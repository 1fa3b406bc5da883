package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.libc.Numbers;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.SpawnRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed spawn failed at.
 *
 * <p>The kernel gives one number for the program, its interpreter and the working directory alike,
 * so the files are looked at after the failure. Messages name files, and a variable at most, never
 * an argument or a value.
 */
final class SpawnFailure {
  private final Numbers numbers;
  private final CommandLine command;
  private final Environment environment;
  private final @Nullable Path directory;

  SpawnFailure(
      Numbers numbers, CommandLine command, Environment environment, @Nullable Path directory) {
    this.numbers = numbers;
    this.command = command;
    this.environment = environment;
    this.directory = directory;
  }

  /**
   * The descriptors, memory or processes did not suffice, or a call failed that has no file to
   * blame.
   */
  SpawnRefused of(String call, int error) {
    return isLimit(error)
        ? exception(Culprit.RESOURCES, limit(call, error), call, error)
        : exception(Culprit.OTHER, "cannot start " + quoted() + because(call, error), call, error);
  }

  /** Something asked for is more than the system gives, whatever the error. */
  SpawnRefused ofLimit(String what, String call, int error) {
    String message = "cannot start " + quoted() + ": " + what + because(call, error);
    return exception(Culprit.RESOURCES, message, call, error);
  }

  /** A redirect could not be opened. */
  SpawnRefused ofRedirect(String what, String call, int error) {
    return isLimit(error)
        ? of(call, error)
        : exception(
            Culprit.REDIRECT, "cannot redirect: " + what + because(call, error), call, error);
  }

  /** A descriptor that the child is to keep is none. */
  SpawnRefused ofDescriptor(int descriptor, String call, int error) {
    String message = "cannot pass on descriptor " + descriptor + because(call, error);
    return exception(Culprit.OTHER, message, call, error);
  }

  /** A user or group has no number. */
  SpawnRefused ofAccount(String what, String call, int error) {
    if (isLimit(error)) {
      return of(call, error);
    }
    String message = "cannot start " + quoted() + ": " + what + because(call, error);
    return exception(Culprit.OTHER, message, call, error);
  }

  /** The working directory cannot be used. */
  SpawnRefused ofDirectory(String call, int error) {
    return exception(
        Culprit.WORKING_DIRECTORY, "working directory " + what(directory), call, error);
  }

  /** {@code posix_spawn} failed, or the search for the program. */
  SpawnRefused ofSpawn(byte @Nullable [] file, int error) {
    String call = "posix_spawn";
    if (isLimit(error)) {
      return of(call, error);
    }
    Path cwd = directory;
    if (cwd != null
        && maybeDirectory(error)
        && !(Files.isDirectory(cwd) && Files.isExecutable(cwd))) {
      return ofDirectory(call, error);
    }
    if (file != null && isInterpreter(PathBytes.resolve(directory, file), error)) {
      String why =
          error == numbers.ENOENT() ? " not found" : " cannot be executed" + because(call, error);
      return exception(Culprit.INTERPRETER, "interpreter of " + quoted() + why, call, error);
    }
    if (error == numbers.ENOENT()) {
      return exception(Culprit.PROGRAM, "program not found: " + quoted() + hint(), call, error);
    }
    if (error == numbers.EACCES()) {
      return exception(Culprit.PROGRAM, "permission denied: " + quoted(), call, error);
    }
    if (error == numbers.ENOEXEC()) {
      return exception(Culprit.PROGRAM, "exec format error: " + quoted(), call, error);
    }
    if (error == numbers.EPERM()) {
      String why =
          " is not permitted (a seccomp filter, or the session or process group asked for)";
      return exception(Culprit.OTHER, "starting " + quoted() + why, call, error);
    }
    return exception(
        Culprit.PROGRAM, "cannot execute " + quoted() + because(call, error), call, error);
  }

  // A file that is there is not why the way to it is said to lead nowhere.
  private boolean isInterpreter(Path file, int error) {
    return error == numbers.EACCES()
        ? Interpreters.mayNotBeExecuted(directory, file)
        : maybeDirectory(error) && Files.exists(file);
  }

  private boolean maybeDirectory(int error) {
    return error == numbers.ENOENT()
        || error == numbers.ENOTDIR()
        || error == numbers.EACCES()
        || error == numbers.ELOOP()
        || error == numbers.ENAMETOOLONG();
  }

  private boolean isLimit(int error) {
    return error == numbers.EMFILE()
        || error == numbers.ENFILE()
        || error == numbers.ENOMEM()
        || error == numbers.EAGAIN()
        || error == numbers.E2BIG();
  }

  private String limit(String call, int error) {
    if (error == numbers.E2BIG()) {
      return "arguments and environment of "
          + quoted()
          + " are too long: "
          + new ArgumentSizes(command.arguments(), environment.variables());
    }
    String what =
        error == numbers.EAGAIN()
            ? "processes"
            : error == numbers.ENOMEM() ? "memory" : "descriptors";
    return "cannot start " + quoted() + ": resource limit: " + what + because(call, error);
  }

  private static String what(@Nullable Path directory) {
    if (directory == null) {
      return "cannot be entered";
    }
    if (!Files.exists(directory)) {
      return (Files.notExists(directory) ? "does not exist: " : "cannot be reached: ") + directory;
    }
    return (Files.isDirectory(directory) ? "may not be entered: " : "is not a directory: ")
        + directory;
  }

  private String hint() {
    return command.display().indexOf(' ') < 0 ? "" : " (arguments go one by one)";
  }

  private String quoted() {
    return '"' + command.display() + '"';
  }

  private SpawnRefused exception(Culprit culprit, String message, String call, int error) {
    String name = numbers.errorName(error);
    return new SpawnRefused(command.display(), message, culprit, call, error, name);
  }

  private String because(String call, int error) {
    return " (" + call + ": " + numbers.errorName(error) + ")";
  }
}

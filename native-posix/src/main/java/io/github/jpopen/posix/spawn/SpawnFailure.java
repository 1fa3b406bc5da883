package io.github.jpopen.posix.spawn;

import io.github.jpopen.posix.arguments.CommandLine;
import io.github.jpopen.posix.arguments.Environment;
import io.github.jpopen.posix.arguments.PathBytes;
import io.github.jpopen.posix.arguments.WorkingDirectory;
import io.github.jpopen.posix.constants.PosixConstants;
import io.github.jpopen.posix.libc.Posix;
import io.github.jpopen.posix.tree.CgroupRefused;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failed spawn failed at.
 *
 * <p>The kernel gives one number for the program, its interpreter and the working directory alike,
 * so the files are looked at after the failure. Messages name files, and a variable at most, never
 * an argument or a value.
 */
final class SpawnFailure {
  private final Posix posix;
  private final PosixConstants constants;
  private final CommandLine command;
  private final Environment environment;
  private final @Nullable Path directory;

  SpawnFailure(
      Posix posix, CommandLine command, Environment environment, @Nullable Path directory) {
    this.posix = posix;
    this.constants = posix.constants();
    this.command = command;
    this.environment = environment;
    this.directory = directory;
  }

  /**
   * There were too few descriptors or processes, or too little memory, or a call failed that has no
   * file to blame.
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

  /** A descriptor that the child is to keep is not open. */
  SpawnRefused ofDescriptor(int descriptor, String call, int error) {
    String message =
        "cannot pass descriptor " + descriptor + " to the child" + because(call, error);
    return exception(Culprit.OTHER, message, call, error);
  }

  /** There is no user or group of that name. */
  SpawnRefused ofAccount(String what, String call, int error) {
    if (isLimit(error)) {
      return of(call, error);
    }
    String message = "cannot start " + quoted() + ": " + what + because(call, error);
    return exception(Culprit.OTHER, message, call, error);
  }

  /** The child cannot get a cgroup of its own. */
  SpawnRefused ofCgroup(Path parent, CgroupRefused refusal) {
    String call = refusal.call();
    int error = refusal.error();
    String message =
        "cannot start "
            + quoted()
            + ": cgroup \""
            + parent
            + "\" "
            + refusal.getMessage()
            + because(call, error);
    if (!isLimit(error)) {
      return exception(Culprit.OTHER, message, call, error);
    }
    return error == constants.EAGAIN() // of mkdir(2): not the limit of processes
        ? exception(Culprit.RESOURCES, message, call, error)
        : of(call, error);
  }

  /** The working directory cannot be used. */
  SpawnRefused ofDirectory(String call, int error) {
    return exception(Culprit.WORKING_DIRECTORY, "working directory " + whatIsWrong(), call, error);
  }

  /** {@code posix_spawn} failed, or the search for the program. */
  SpawnRefused ofSpawn(byte @Nullable [] file, int error) {
    String call = "posix_spawn";
    if (isLimit(error)) {
      return of(call, error);
    }
    Path child = childDirectory();
    if (directory != null
        && maybeDirectory(error)
        && !(Files.isDirectory(child) && Files.isExecutable(child))) {
      return ofDirectory(call, error);
    }
    Path program = file == null ? null : PathBytes.resolve(child, file);
    if (program != null && isInterpreter(program, error)) {
      String why =
          error == constants.ENOENT() ? " not found" : " cannot be executed" + because(call, error);
      String message = interpreter(program) + " of " + quoted() + why;
      return exception(Culprit.INTERPRETER, message, call, error);
    }
    return ofProgram(program, call, error);
  }

  private SpawnRefused ofProgram(@Nullable Path program, String call, int error) {
    if (error == constants.ENOENT()) {
      return exception(Culprit.PROGRAM, "program not found: " + quoted() + hint(), call, error);
    }
    if (error == constants.EACCES()) {
      return exception(
          Culprit.PROGRAM, "permission denied: " + quoted() + refusal(program), call, error);
    }
    if (error == constants.ENOEXEC()) {
      String why = " (neither a program for this machine nor a script with #!)";
      return exception(Culprit.PROGRAM, "exec format error: " + quoted() + why, call, error);
    }
    if (error == constants.ETXTBSY()) {
      String why = ": it is open for writing" + because(call, error);
      return exception(Culprit.PROGRAM, "cannot execute " + quoted() + why, call, error);
    }
    if (error == constants.EPERM()) {
      String why =
          " is not permitted (a seccomp filter, or the requested session or process group)";
      return exception(Culprit.OTHER, "starting " + quoted() + why, call, error);
    }
    return exception(
        Culprit.PROGRAM, "cannot execute " + quoted() + because(call, error), call, error);
  }

  // ENOENT or ENOTDIR although the file exists: then its interpreter is missing.
  private boolean isInterpreter(Path file, int error) {
    return error == constants.EACCES()
        ? Interpreters.unusable(childDirectory(), file) != null
        : maybeDirectory(error) && Files.exists(file);
  }

  // The kernel tells neither which one nor, where they form a chain, the link that is missing.
  private String interpreter(Path program) {
    byte[] script = Interpreters.unusable(childDirectory(), program);
    if (script != null) {
      return "interpreter " + escaped(script);
    }
    byte[] loader = ElfLoader.of(program);
    return loader == null ? "interpreter" : "loader " + escaped(loader);
  }

  private String refusal(@Nullable Path program) {
    if (program == null) {
      return "";
    }
    String why =
        Files.isDirectory(program)
            ? " is a directory"
            : Files.isRegularFile(program) && !Files.isExecutable(program)
                ? " is not executable"
                : "";
    return why.isEmpty() || command.isPath() ? why : " (\"" + program + '"' + why + ")";
  }

  /** A name from a file, in which anything may stand, with its control characters made visible. */
  private static String escaped(byte[] name) {
    StringBuilder escaped = new StringBuilder("\"");
    new String(name, StandardCharsets.UTF_8)
        .chars()
        .forEach(
            c -> {
              if (c == '\r') {
                escaped.append("\\r");
              } else if (Character.isISOControl(c)) {
                escaped.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.append('"').toString();
  }

  private boolean maybeDirectory(int error) {
    return error == constants.ENOENT()
        || error == constants.ENOTDIR()
        || error == constants.EACCES()
        || error == constants.ELOOP()
        || error == constants.ENAMETOOLONG();
  }

  private boolean isLimit(int error) {
    return error == constants.EMFILE()
        || error == constants.ENFILE()
        || error == constants.ENOMEM()
        || error == constants.EAGAIN()
        || error == constants.E2BIG();
  }

  private String limit(String call, int error) {
    if (error == constants.E2BIG()) {
      return "arguments and environment of "
          + quoted()
          + " are too long: "
          + new ArgumentSizes(command.arguments(), environment.variables());
    }
    String what =
        error == constants.EAGAIN()
            ? "processes"
            : error == constants.ENOMEM() ? "memory" : "descriptors";
    return "cannot start " + quoted() + ": resource limit: " + what + because(call, error);
  }

  private String whatIsWrong() {
    if (directory == null) {
      return "cannot be entered";
    }
    Path child = childDirectory();
    String what =
        Files.notExists(child)
            ? "does not exist"
            : !Files.exists(child)
                ? "cannot be reached"
                : Files.isDirectory(child) ? "may not be entered" : "is not a directory";
    return what + ": \"" + directory + '"';
  }

  /** Where the child looks for relative names. */
  private Path childDirectory() {
    Path ours = new WorkingDirectory(posix).directory();
    return directory == null ? ours : ours.resolve(directory);
  }

  private String hint() {
    String name = command.display();
    if (name.startsWith("~") || name.startsWith("$")) {
      return " (no shell expands " + name.charAt(0) + ")";
    }
    if (name.equals("cd")) {
      return " (part of a shell: use cwd)";
    }
    return name.indexOf(' ') >= 0
        ? " (pass each argument separately, or use Command.parse)"
        : hereHint();
  }

  private String hereHint() {
    Path here = PathBytes.resolve(childDirectory(), command.file());
    return !command.isPath() && Files.isRegularFile(here) && Files.isExecutable(here)
        ? " (the working directory is not searched: use \"./" + here.getFileName() + "\")"
        : "";
  }

  private String quoted() {
    return '"' + command.display() + '"';
  }

  private SpawnRefused exception(Culprit culprit, String message, String call, int error) {
    String name = constants.errorName(error);
    return new SpawnRefused(command.display(), message, culprit, call, error, name);
  }

  private String because(String call, int error) {
    return " (" + call + ": " + constants.errorName(error) + ")";
  }
}

package io.github.jpopen.windows.spawn;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.windows.win32.Win32Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions of failed spawns. Messages name files, but never arguments or variables. */
final class SpawnFailure {
  private static final String CREATE_PROCESS = "CreateProcessW";

  private final String program;
  private final @Nullable Path directory;
  private final @Nullable Path absoluteDirectory;

  /**
   * Makes the exceptions of one spawn.
   *
   * @param directory the working directory as the user gave it, for messages
   * @param absoluteDirectory the same, absolute
   */
  SpawnFailure(String program, @Nullable Path directory, @Nullable Path absoluteDirectory) {
    this.program = program;
    this.directory = directory;
    this.absoluteDirectory = absoluteDirectory;
  }

  /** A call failed that concerns no file. */
  SpawnRefused of(String call, int error) {
    return Win32Errors.isShortage(error)
        ? exception(
            Culprit.RESOURCES,
            "cannot start " + quoted() + ": resource limit" + because(call, error),
            call,
            error)
        : exception(Culprit.OTHER, "cannot start " + quoted() + because(call, error), call, error);
  }

  /** A redirect could not be opened. */
  SpawnRefused ofRedirect(String what, String call, int error) {
    return Win32Errors.isShortage(error)
        ? of(call, error)
        : exception(
            Culprit.REDIRECT, "cannot redirect: " + what + because(call, error), call, error);
  }

  /** No file was found for the name. */
  SpawnRefused notFound() {
    SpawnRefused ofDirectory = ofDirectory(Win32Errors.DIRECTORY);
    return ofDirectory == null
        ? exception(
            Culprit.PROGRAM,
            "program not found: " + quoted() + hint(),
            CREATE_PROCESS,
            Win32Errors.FILE_NOT_FOUND)
        : ofDirectory;
  }

  /** The system does not say which file the name means. */
  SpawnRefused ofProgram(String call, int error) {
    return Win32Errors.isShortage(error)
        ? of(call, error)
        : exception(
            Culprit.PROGRAM, "program not found: " + quoted() + because(call, error), call, error);
  }

  /** CreateProcessW failed. */
  SpawnRefused ofCreateProcess(int error) {
    SpawnRefused ofDirectory = ofDirectory(error);
    if (ofDirectory != null) {
      return ofDirectory;
    }
    if (error == Win32Errors.DIRECTORY && directory != null) {
      return exception(
          Culprit.WORKING_DIRECTORY,
          "working directory cannot be used: \"" + directory + "\"",
          CREATE_PROCESS,
          error);
    }
    return switch (error) {
      case Win32Errors.FILE_NOT_FOUND, Win32Errors.PATH_NOT_FOUND ->
          exception(
              Culprit.PROGRAM, "program not found: " + quoted() + hint(), CREATE_PROCESS, error);
      case Win32Errors.ACCESS_DENIED ->
          exception(Culprit.PROGRAM, "permission denied: " + quoted(), CREATE_PROCESS, error);
      case Win32Errors.BAD_EXE_FORMAT ->
          exception(Culprit.PROGRAM, "not an executable: " + quoted(), CREATE_PROCESS, error);
      case Win32Errors.EXE_MACHINE_TYPE_MISMATCH ->
          exception(Culprit.PROGRAM, "program for another CPU: " + quoted(), CREATE_PROCESS, error);
      case Win32Errors.ELEVATION_REQUIRED ->
          exception(
              Culprit.PROGRAM,
              quoted() + " needs elevation: run this JVM as administrator",
              CREATE_PROCESS,
              error);
      case Win32Errors.FILENAME_EXCED_RANGE ->
          exception(Culprit.PROGRAM, "name too long: " + quoted(), CREATE_PROCESS, error);
      default -> of(CREATE_PROCESS, error);
    };
  }

  private @Nullable SpawnRefused ofDirectory(int error) {
    Path cwd = absoluteDirectory;
    if (cwd == null || Files.isDirectory(cwd)) {
      return null;
    }
    String what = Files.exists(cwd) ? "is not a directory: " : "does not exist: ";
    return exception(
        Culprit.WORKING_DIRECTORY,
        "working directory " + what + "\"" + directory + "\"",
        CREATE_PROCESS,
        error);
  }

  private String hint() {
    return program.indexOf(' ') < 0 ? "" : " (pass each argument separately, or use Command.parse)";
  }

  private String quoted() {
    return '"' + program + '"';
  }

  private SpawnRefused exception(Culprit culprit, String message, String call, int error) {
    return new SpawnRefused(program, message, culprit, call, error, Win32Errors.name(error));
  }

  private static String because(String call, int error) {
    return " (" + call + ": " + Win32Errors.name(error) + ")";
  }
}

package io.github.jpopen.testing.fake;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.SpawnRequest;
import java.nio.file.Path;

/** Makes the exceptions of starts that fail, in the words of the real ones. */
public final class Refusals {
  private Refusals() {}

  /**
   * The program does not exist.
   *
   * @param request what was to be started
   * @return the exception
   */
  public static SpawnRefused notFound(SpawnRequest request) {
    String name = program(request);
    String message = "program not found: \"" + name + '"' + hint(name);
    return of(request, message, Culprit.PROGRAM, 2, "ENOENT");
  }

  private static String hint(String name) {
    if (!Platforms.isWindows()) {
      if (name.startsWith("~") || name.startsWith("$")) {
        return " (no shell expands " + name.charAt(0) + ")";
      }
      if (name.equals("cd")) {
        return " (part of a shell: use cwd)";
      }
    }
    return name.indexOf(' ') < 0 ? "" : " (pass each argument separately, or use Command.parse)";
  }

  /**
   * The program may not be executed.
   *
   * @param request what was to be started
   * @return the exception
   */
  public static SpawnRefused notPermitted(SpawnRequest request) {
    String message = "permission denied: \"" + program(request) + '"';
    return of(request, message, Culprit.PROGRAM, 13, "EACCES");
  }

  /**
   * The working directory does not exist.
   *
   * @param request what was to be started
   * @return the exception
   */
  public static SpawnRefused noDirectory(SpawnRequest request) {
    String message =
        request.directory() == null
            ? "working directory cannot be entered"
            : "working directory does not exist: \"" + request.directory() + '"';
    return of(request, message, Culprit.WORKING_DIRECTORY, 2, "ENOENT");
  }

  /**
   * There are too many processes.
   *
   * @param request what was to be started
   * @return the exception
   */
  public static SpawnRefused noProcess(SpawnRequest request) {
    boolean mac = System.getProperty("os.name", "").startsWith("Mac");
    return limit(request, "processes", mac ? 35 : 11, "EAGAIN");
  }

  /**
   * There are too many open descriptors.
   *
   * @param request what was to be started
   * @return the exception
   */
  public static SpawnRefused noDescriptor(SpawnRequest request) {
    return limit(request, "descriptors", 24, "EMFILE");
  }

  private static SpawnRefused limit(SpawnRequest request, String what, int error, String name) {
    String message =
        "cannot start \""
            + program(request)
            + "\": resource limit: "
            + what
            + " (posix_spawn: "
            + name
            + ')';
    return of(request, message, Culprit.RESOURCES, error, name);
  }

  /** A file of a redirect cannot be opened. */
  static SpawnRefused redirect(SpawnRequest request, Path path, int error) {
    String name = error == 2 ? "ENOENT" : error == 21 ? "EISDIR" : "EACCES";
    String message = "cannot redirect: \"" + path + "\" (open: " + name + ')';
    return new SpawnRefused(program(request), message, Culprit.REDIRECT, "open", error, name);
  }

  private static SpawnRefused of(
      SpawnRequest request, String message, Culprit culprit, int error, String name) {
    if (Platforms.isWindows()) {
      boolean missing = name.equals("ENOENT");
      int code = missing ? culprit == Culprit.PROGRAM ? 2 : 267 : name.equals("EACCES") ? 5 : 1450;
      String known =
          switch (code) {
            case 2 -> "ERROR_FILE_NOT_FOUND";
            case 267 -> "ERROR_DIRECTORY";
            case 5 -> "ERROR_ACCESS_DENIED";
            default -> "ERROR_NO_SYSTEM_RESOURCES";
          };
      return new SpawnRefused(program(request), message, culprit, "CreateProcessW", code, known);
    }
    return new SpawnRefused(program(request), message, culprit, "posix_spawn", error, name);
  }

  private static String program(SpawnRequest request) {
    if (!request.shell()) {
      return request.program();
    }
    return Platforms.isWindows() ? "cmd.exe" : "/bin/sh";
  }
}

package io.github.jpopen.windows.win32;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * The arguments of CreateProcessW.
 *
 * @param application the absolute path of the program
 * @param commandLine memory that the call may change
 * @param flags the creation flags, except for those that describe the other arguments
 * @param environment the environment block
 * @param directory the working directory, or NULL
 * @param stdin the child's handle
 * @param stdout the child's handle
 * @param stderr the child's handle
 * @param attributes the attribute list, or NULL
 * @param inherits whether the list names handles that the child inherits
 * @param showWindow wShowWindow
 */
public record ProcessStart(
    MemorySegment application,
    MemorySegment commandLine,
    int flags,
    MemorySegment environment,
    MemorySegment directory,
    long stdin,
    long stdout,
    long stderr,
    MemorySegment attributes,
    boolean inherits,
    OptionalInt showWindow) {

  /** The same with more flags. */
  public ProcessStart with(int more) {
    return new ProcessStart(
        application,
        commandLine,
        flags | more,
        environment,
        directory,
        stdin,
        stdout,
        stderr,
        attributes,
        inherits,
        showWindow);
  }
}

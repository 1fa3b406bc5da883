package io.github.jpopen.windows.win32;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;

/**
 * The arguments of CreateProcessW.
 *
 * @param application the absolute path of the program
 * @param commandLine fresh memory, which the call may change
 * @param flags without those that the form of the arguments makes necessary
 * @param environment the block
 * @param directory the working directory, or NULL
 * @param stdin the child's handle
 * @param stdout the child's handle
 * @param stderr the child's handle
 * @param attributes the attribute list, or NULL if no handle is inherited
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
    OptionalInt showWindow) {}

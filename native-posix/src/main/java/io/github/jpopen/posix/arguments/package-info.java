/**
 * What the child is given by name or by value: program, arguments, environment and directory.
 *
 * <p>A class belongs here if it makes the bytes that {@code execve} or {@code chdir} takes, or
 * finds the file that they name. Descriptors, and the call that starts the child, belong to {@code
 * io.github.jpopen.posix.spawn}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.arguments;

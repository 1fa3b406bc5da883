/**
 * One living child: its pipes, its exit, and the step that moves bytes and waits.
 *
 * <p>Here belongs what needs the process id, the process descriptor or our end of a pipe. Nothing
 * here knows how the child was started.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.child;

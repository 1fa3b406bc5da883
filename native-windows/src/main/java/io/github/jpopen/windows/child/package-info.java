/**
 * One living child: its pipes, its exit, and the step that moves bytes and waits.
 *
 * <p>What needs the process handle or our end of a pipe belongs here. Nothing here knows how the
 * child was started.
 */
package io.github.jpopen.windows.child;

/**
 * Spawning, waiting and moving bytes on POSIX systems, for the conversation in core.
 *
 * <p>Here belongs what one child needs of the system, in terms of descriptors and system calls. The
 * calls themselves, and everything that knows addresses and layouts, are in {@code libc}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix;

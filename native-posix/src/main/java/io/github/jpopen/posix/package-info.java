/**
 * Processes on POSIX systems, for the conversation in core.
 *
 * <p>In layers, each of which uses only those below it:
 *
 * <ul>
 *   <li>this package: the platform that core asks, and its settings
 *   <li>{@code guard}: a process that acts once this JVM is dead
 *   <li>{@code spawn}: starting a child
 *   <li>{@code child}: the step of a living child
 *   <li>{@code wait}: waiting for descriptors
 *   <li>{@code libc}: the system calls, and everything that knows addresses and layouts
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix;

/**
 * The end of this JVM, seen from outside.
 *
 * <p>Here belongs what another process does once this one is dead. It starts that process as any
 * child, so it stands above {@code io.github.jpopen.posix.spawn}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.guard;

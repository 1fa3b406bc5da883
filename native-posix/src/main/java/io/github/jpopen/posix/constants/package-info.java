/**
 * The constants of Linux and of macOS: numbers, and the names of errors and signals.
 *
 * <p>What a header defines belongs here, but no call. Half of the package is generated from the
 * bindings; what the headers do not define is written by hand.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.constants;

/**
 * The C library, one method per call. The only package that links native functions by hand.
 *
 * <p>Here belongs what a C prototype says, and the numbers of one system; no decision about
 * processes.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.libc;

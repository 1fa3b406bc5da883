/**
 * The binding layer: the C library, one method for each call. The only package that links native
 * functions.
 *
 * <p>What a C prototype says belongs here, but no decision about processes.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.libc;

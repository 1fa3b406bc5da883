/** Tests of the binding layer. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.libc;

/** Calls that run out of memory, at each place where one may. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.memory;

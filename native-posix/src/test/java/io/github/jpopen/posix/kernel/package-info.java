/** Conversations while system calls fail: in the kernel, or in our layer of calls. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.kernel;

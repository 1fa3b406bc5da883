/** Conversations while the kernel itself fails: strace, seccomp, limits, namespaces. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.kernel;

/** The contract of core, run on POSIX. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.contract;

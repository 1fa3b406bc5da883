/** Tests of the constants. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.constants;

/** The cost of jpopen beside that of the alternatives. Run by hand, never by the build. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.bench;

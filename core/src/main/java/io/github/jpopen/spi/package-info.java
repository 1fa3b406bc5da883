/**
 * The seam between the conversation (core) and one operating system (a native module). Exported to
 * the native modules only.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.spi;

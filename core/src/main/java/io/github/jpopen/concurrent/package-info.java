/**
 * Threads, futures and their failures, without any knowledge of a child. Not exported.
 *
 * <p>A class belongs here if a library that starts no process could use it as it is. What the
 * native modules need as well belongs to {@code io.github.jpopen.spi}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.concurrent;

/**
 * Text on both ends of a child's pipes: charsets, Python's error policies, universal newlines. Not
 * exported.
 *
 * <p>A class belongs here if it needs nothing of a child except bytes: {@link
 * io.github.jpopen.text.UnreadBytes} to read from and {@link io.github.jpopen.text.StdinSink} to
 * write to. This package depends on nothing else of jpopen.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.text;

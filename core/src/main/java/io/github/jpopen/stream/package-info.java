/**
 * The streams of one child, as users read and write them. Not exported.
 *
 * <p>A class belongs here if it is such a stream, makes one, or says how its text is encoded. The
 * streams work on the bytes of {@code io.github.jpopen.conversation}, which knows none of them. How
 * bytes become text belongs to {@code io.github.jpopen.text}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.stream;

/**
 * Where the bytes of the child's stdout and stderr go. Not exported.
 *
 * <p>A class belongs here if it keeps, cuts or hands on the bytes of one output. How they get from
 * the child belongs to {@code io.github.jpopen.conversation}, and how bytes become text to {@code
 * io.github.jpopen.text}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.output;

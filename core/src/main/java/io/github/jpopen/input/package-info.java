/**
 * Where the bytes of the child's stdin come from. Not exported.
 *
 * <p>A class belongs here if it is an {@link io.github.jpopen.input.InputSource}, or what one reads
 * from. How the bytes get to the child belongs to {@code io.github.jpopen.conversation}, and how
 * text becomes bytes to {@code io.github.jpopen.text}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.input;

/**
 * Python's {@code subprocess} for Java: start a child, send it input, read both outputs, wait with
 * a timeout, lose nothing.
 *
 * <p>{@link io.github.jpopen.Command} describes, {@link io.github.jpopen.Popen} runs, {@link
 * io.github.jpopen.Output} and {@link io.github.jpopen.CompletedProcess} report. No method returns
 * or accepts null.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen;

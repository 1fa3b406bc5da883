/**
 * The conversation with one child, written once for all systems. Not exported.
 *
 * <p>A class belongs here if it works with the bytes, the deadlines and the threads of one child.
 * Native calls and anything that differs from system to system belong behind {@link
 * io.github.jpopen.spi.ChildProcess}. Charsets belong in {@code io.github.jpopen.text}, the sources
 * of stdin in {@code io.github.jpopen.input}, and the bytes that have come in {@code
 * io.github.jpopen.output}. Options, results and exceptions belong in {@code io.github.jpopen}.
 *
 * <ul>
 *   <li>The heart: {@link io.github.jpopen.conversation.Conversation} is what the API sees, {@code
 *       ChildState} what is known about the child. {@code Stepper} decides which thread steps it,
 *       {@link io.github.jpopen.conversation.CommunicateGate} which call is in communicate. {@link
 *       io.github.jpopen.conversation.CloseRule} decides what close does. {@link
 *       io.github.jpopen.conversation.ExitWatch} calls listeners, {@code LeakCleaner} gives the
 *       resources back.
 *   <li>Streams: {@link io.github.jpopen.conversation.StreamBytes} is the half that the streams of
 *       {@code io.github.jpopen.stream} use.
 * </ul>
 *
 * <p>The way from {@code Popen.communicate} to {@code read(2)} leads through {@link
 * io.github.jpopen.conversation.Conversation#untilComplete}, {@code Stepper.until} and {@link
 * io.github.jpopen.spi.ChildProcess#step}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conversation;

/**
 * The conversation with one child, written once for all systems. Not exported.
 *
 * <p>One byte's way from {@code communicate} to {@code read(2)}: {@code Popen.communicate}, {@link
 * io.github.jpopen.conversation.Conversation#talk}, {@link io.github.jpopen.spi.ChildProcess#step},
 * the call.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conversation;

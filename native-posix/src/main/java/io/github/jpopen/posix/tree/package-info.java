/**
 * All that a child has started: finding it, stopping it, killing it and waiting for its end.
 *
 * <p>Here belongs what deals with processes that are not children of ours. That is {@code /proc},
 * their descriptors, and the rule that decides which of them belong to a child. Nothing here knows
 * pipes or steps. The exit of the child itself is collected elsewhere.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.tree;

/**
 * Waiting for the exit of one child or of several, on behalf of the API. Not exported.
 *
 * <p>A class belongs here if it looks at nothing of a child but its exit. It waits through {@code
 * io.github.jpopen.conversation}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.exit;

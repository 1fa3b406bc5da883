/**
 * Fake programs for tests: what a command starts is a script in the same process, and the rest is
 * the real jpopen.
 *
 * <p>Begin at {@link io.github.jpopen.testing.FakePrograms}.
 *
 * @since 0.1
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.testing;

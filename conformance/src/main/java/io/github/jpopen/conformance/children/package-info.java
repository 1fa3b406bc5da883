/**
 * The children that the rules run: what they do, and what they are. Not exported.
 *
 * <p>A class belongs here if it knows neither a rule nor a library. What a rule does with a child
 * belongs to {@code io.github.jpopen.conformance}.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conformance.children;

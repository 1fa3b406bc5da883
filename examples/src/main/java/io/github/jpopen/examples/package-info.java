/** Small programs that do one real task each. {@link io.github.jpopen.examples.Tour} shows most. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.examples;

/** The examples and the README, run. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.examples;

/** A system in this process: its pipes, its children, and the scripts that they play. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.testing.fake;

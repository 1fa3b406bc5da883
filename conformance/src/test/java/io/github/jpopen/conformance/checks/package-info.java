/** Rules of the build that are tests. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.conformance.checks;

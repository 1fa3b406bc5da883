/** Tests of fake programs. */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.testing;

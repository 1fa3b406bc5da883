/**
 * What the tests of a native module use to drive its platform through the seam, without the API and
 * the conversation of core.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.seam;

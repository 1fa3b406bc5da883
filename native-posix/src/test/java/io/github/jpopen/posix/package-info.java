/**
 * Tests of what only Linux can show: descriptors, signals, tiers, and every error of every call.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix;

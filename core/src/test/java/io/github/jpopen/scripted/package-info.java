/**
 * An operating system under the control of the test, so that every rule of the conversation can be
 * tested without a real one.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.scripted;

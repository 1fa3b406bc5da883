/**
 * An operating system that does what a test tells it to, so that every rule of the conversation can
 * be tested without one.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.scripted;

/**
 * The code that the Javadoc of {@code io.github.jpopen} shows.
 *
 * <p>Each snippet there repeats a region of a file here, so that it can be read in an IDE as well.
 * The javadoc tool compares the two and fails if they differ.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.examples.snippets;

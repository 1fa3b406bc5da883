/**
 * Starting a child.
 *
 * <p>Here belongs what happens before there is a process:
 *
 * <ul>
 *   <li>the arguments and their bytes, and the search for the program
 *   <li>the descriptors of the child
 *   <li>the ways to call {@code posix_spawn}, and what a failure is blamed on
 * </ul>
 *
 * <p>Nothing here knows what happens to the child afterwards.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.spawn;

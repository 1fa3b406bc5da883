/**
 * Starting a child.
 *
 * <p>Here belongs what happens before there is a process:
 *
 * <ul>
 *   <li>the descriptors of the child
 *   <li>the ways to call {@code posix_spawn}, and what a failure is blamed on
 * </ul>
 *
 * <p>The arguments and their bytes belong to {@code io.github.jpopen.posix.arguments}. Nothing here
 * knows what happens to the child afterwards.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.spawn;

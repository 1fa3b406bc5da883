/**
 * Starting a child.
 *
 * <p>Here belongs what happens before there is a process: the arguments and their bytes, the search
 * for the program, the descriptors of the child, the ways to call {@code posix_spawn}, and what a
 * failure is blamed on. Nothing here knows what happens to the child afterwards.
 */
@org.jspecify.annotations.NullMarked
package io.github.jpopen.posix.spawn;

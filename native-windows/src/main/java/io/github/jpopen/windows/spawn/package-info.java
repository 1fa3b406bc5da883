/**
 * Starting a child.
 *
 * <p>What happens before there is a process belongs here: the command line, the environment block,
 * the search for the program, the handles of the child. So does the cause of a failure. Nothing
 * here knows what happens to the child afterwards.
 */
package io.github.jpopen.windows.spawn;

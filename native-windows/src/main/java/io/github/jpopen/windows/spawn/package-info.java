/**
 * Starting a child.
 *
 * <p>What happens before there is a process belongs here: the command line and its quoting, the
 * environment block, the search for the program, the handles of the child, and what a failure is
 * blamed on. Nothing here knows what happens to the child afterwards.
 */
package io.github.jpopen.windows.spawn;

/**
 * The threads that wait for Windows: one for the completion port, and some for process handles.
 *
 * <p>What waits in terms of handles and operations belongs here. Nothing here knows what a handle
 * is for.
 */
package io.github.jpopen.windows.wait;

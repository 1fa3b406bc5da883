/**
 * Processes on Windows: the platform that core finds as a service, and its settings.
 *
 * <p>The layers below it, each of which sees only those after it: {@code spawn} starts a child,
 * {@code child} moves its bytes, {@code wait} waits, {@code win32} makes the calls.
 */
package io.github.jpopen.windows;

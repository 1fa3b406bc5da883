/**
 * Processes on Windows: the platform that core finds as a service, and its settings.
 *
 * <p>There are four layers below it. {@code spawn} starts a child, {@code child} moves its bytes,
 * {@code wait} waits, {@code win32} makes the calls. Each uses only those that follow it.
 */
package io.github.jpopen.windows;

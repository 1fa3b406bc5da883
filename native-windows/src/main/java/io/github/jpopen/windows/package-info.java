/** Processes on Windows: spawning, one port thread that moves the bytes, and waiting. */
package io.github.jpopen.windows;

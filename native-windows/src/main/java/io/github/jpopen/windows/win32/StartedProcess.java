package io.github.jpopen.windows.win32;

/**
 * What CreateProcessW made.
 *
 * @param process a handle of the process
 * @param thread a handle of its first thread
 * @param pid the process id, unsigned
 */
public record StartedProcess(long process, long thread, int pid) {}

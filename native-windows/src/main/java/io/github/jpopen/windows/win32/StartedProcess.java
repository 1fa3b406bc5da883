package io.github.jpopen.windows.win32;

/**
 * The result of CreateProcessW.
 *
 * @param process the handle of the process
 * @param thread the handle of its first thread
 * @param pid the process id, unsigned
 */
public record StartedProcess(long process, long thread, int pid) {}

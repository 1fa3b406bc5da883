package io.github.jpopen.bench.compare;

/**
 * What one round measured.
 *
 * @param value nanoseconds, or bytes where memory is measured
 * @param allocated how many bytes a Java peer allocated on the heap; -1 where that is not known
 */
record Round(long value, long allocated) {}

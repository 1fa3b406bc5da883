package io.github.jpopen.bench.measure;

/**
 * What one round measured.
 *
 * @param value nanoseconds, or bytes where memory is measured
 * @param allocated how many bytes a Java peer allocated on the heap; -1 where that is not known
 */
public record Round(long value, long allocated) {}

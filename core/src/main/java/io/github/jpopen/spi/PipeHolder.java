package io.github.jpopen.spi;

/**
 * A process that has the other end of one of our pipes open.
 *
 * @param pid its id
 * @param name its name, for people; empty if the system does not tell
 */
public record PipeHolder(long pid, String name) {}

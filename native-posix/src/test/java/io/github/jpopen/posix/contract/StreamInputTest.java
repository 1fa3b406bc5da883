package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.StreamInputContract;

/** {@link StreamInputContract} on POSIX. */
final class StreamInputTest extends StreamInputContract {}

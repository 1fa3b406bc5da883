package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.StreamsContract;

/** {@link StreamsContract} on POSIX. */
final class StreamsTest extends StreamsContract {}

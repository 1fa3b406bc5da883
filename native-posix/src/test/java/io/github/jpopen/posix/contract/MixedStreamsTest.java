package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.MixedStreamsContract;

/** {@link MixedStreamsContract} on POSIX. */
final class MixedStreamsTest extends MixedStreamsContract {}

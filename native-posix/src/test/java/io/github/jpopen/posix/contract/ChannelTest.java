package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ChannelContract;

/** {@link ChannelContract} on POSIX. */
final class ChannelTest extends ChannelContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.LargeDataContract;

/** {@link LargeDataContract} on POSIX. */
final class LargeDataTest extends LargeDataContract {}

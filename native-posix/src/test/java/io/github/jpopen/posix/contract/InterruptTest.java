package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.InterruptContract;

/** {@link InterruptContract} on POSIX. */
final class InterruptTest extends InterruptContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.StressContract;

/** {@link StressContract} on POSIX. */
final class StressTest extends StressContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.RunTimeoutContract;

/** {@link RunTimeoutContract} on POSIX. */
final class RunTimeoutTest extends RunTimeoutContract {}

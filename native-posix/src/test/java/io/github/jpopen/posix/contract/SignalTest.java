package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.SignalContract;

/** {@link SignalContract} on POSIX. */
final class SignalTest extends SignalContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CommunicateTimeoutContract;

/** {@link CommunicateTimeoutContract} on POSIX. */
final class CommunicateTimeoutTest extends CommunicateTimeoutContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CommunicateContract;

/** {@link CommunicateContract} on POSIX. */
final class CommunicateTest extends CommunicateContract {}

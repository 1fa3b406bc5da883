package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CommunicateInputContract;

/** {@link CommunicateInputContract} on POSIX. */
final class CommunicateInputTest extends CommunicateInputContract {}

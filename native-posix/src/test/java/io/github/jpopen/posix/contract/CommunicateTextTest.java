package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CommunicateTextContract;

/** {@link CommunicateTextContract} on POSIX. */
final class CommunicateTextTest extends CommunicateTextContract {}

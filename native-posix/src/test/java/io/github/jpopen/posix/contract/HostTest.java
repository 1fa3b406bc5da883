package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.HostContract;

/** {@link HostContract} on POSIX. */
final class HostTest extends HostContract {}

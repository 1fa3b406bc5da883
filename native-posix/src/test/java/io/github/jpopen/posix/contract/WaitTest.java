package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.WaitContract;

/** {@link WaitContract} on POSIX. */
final class WaitTest extends WaitContract {}

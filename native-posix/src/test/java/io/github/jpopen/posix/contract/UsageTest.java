package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.UsageContract;

/** {@link UsageContract} on POSIX. */
final class UsageTest extends UsageContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.DeadlineContract;

/** {@link DeadlineContract} on POSIX. */
final class DeadlineTest extends DeadlineContract {}

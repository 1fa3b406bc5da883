package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.EndingContract;

/** {@link EndingContract} on POSIX. */
final class EndingTest extends EndingContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CloseContract;

/** {@link CloseContract} on POSIX. */
final class CloseTest extends CloseContract {}

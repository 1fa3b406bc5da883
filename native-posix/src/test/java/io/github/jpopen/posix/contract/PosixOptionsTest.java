package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.PosixOptionsContract;

/** {@link PosixOptionsContract} on POSIX. */
final class PosixOptionsTest extends PosixOptionsContract {}

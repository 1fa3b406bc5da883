package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.RefusedInputContract;

/** {@link RefusedInputContract} on POSIX. */
final class RefusedInputTest extends RefusedInputContract {}

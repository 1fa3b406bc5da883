package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.RunContract;

/** {@link RunContract} on POSIX. */
final class RunTest extends RunContract {}

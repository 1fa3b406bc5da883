package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.BadInputContract;

/** {@link BadInputContract} on POSIX. */
final class BadInputTest extends BadInputContract {}

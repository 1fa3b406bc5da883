package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ConcurrencyContract;

/** {@link ConcurrencyContract} on POSIX. */
final class ConcurrencyTest extends ConcurrencyContract {}

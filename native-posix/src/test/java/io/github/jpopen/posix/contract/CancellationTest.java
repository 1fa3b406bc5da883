package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CancellationContract;

/** {@link CancellationContract} on POSIX. */
final class CancellationTest extends CancellationContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.AsyncContract;

/** {@link AsyncContract} on POSIX. */
final class AsyncTest extends AsyncContract {}

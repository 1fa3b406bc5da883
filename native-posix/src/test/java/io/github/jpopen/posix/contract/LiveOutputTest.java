package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.LiveOutputContract;

/** {@link LiveOutputContract} on POSIX. */
final class LiveOutputTest extends LiveOutputContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.GrandchildContract;

/** {@link GrandchildContract} on POSIX. */
final class GrandchildTest extends GrandchildContract {}

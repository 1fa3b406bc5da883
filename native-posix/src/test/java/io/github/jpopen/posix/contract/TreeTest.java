package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.TreeContract;

/** {@link TreeContract} on POSIX. */
final class TreeTest extends TreeContract {}

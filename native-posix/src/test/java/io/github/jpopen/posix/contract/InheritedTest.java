package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.InheritedContract;

/** {@link InheritedContract} on POSIX. */
final class InheritedTest extends InheritedContract {}

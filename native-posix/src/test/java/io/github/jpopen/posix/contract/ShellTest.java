package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ShellContract;

/** {@link ShellContract} on POSIX. */
final class ShellTest extends ShellContract {}

package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.EnvironmentContract;

/** {@link EnvironmentContract} on POSIX. */
final class EnvironmentTest extends EnvironmentContract {}

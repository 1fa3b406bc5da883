package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.SpawnFailureContract;

/** {@link SpawnFailureContract} on POSIX. */
final class SpawnFailureTest extends SpawnFailureContract {}

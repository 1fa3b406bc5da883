package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.SpawnFailureContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link SpawnFailureContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class SpawnFailureTest extends SpawnFailureContract {}

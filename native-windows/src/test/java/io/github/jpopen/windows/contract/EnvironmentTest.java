package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.EnvironmentContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link EnvironmentContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class EnvironmentTest extends EnvironmentContract {}

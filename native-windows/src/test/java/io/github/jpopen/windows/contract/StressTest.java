package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.StressContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link StressContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class StressTest extends StressContract {}

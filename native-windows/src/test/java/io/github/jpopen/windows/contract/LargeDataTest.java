package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.LargeDataContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link LargeDataContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class LargeDataTest extends LargeDataContract {}

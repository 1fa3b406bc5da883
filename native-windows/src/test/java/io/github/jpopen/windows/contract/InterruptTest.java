package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.InterruptContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link InterruptContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class InterruptTest extends InterruptContract {}

package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.UsageContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link UsageContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class UsageTest extends UsageContract {}

package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.WaitContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link WaitContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class WaitTest extends WaitContract {}

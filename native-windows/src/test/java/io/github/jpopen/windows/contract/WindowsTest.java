package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.WindowsContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link WindowsContract}. */
@EnabledOnOs(OS.WINDOWS)
final class WindowsTest extends WindowsContract {}

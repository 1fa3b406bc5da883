package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CloseContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CloseContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CloseTest extends CloseContract {}

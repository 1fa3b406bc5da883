package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.RunTimeoutContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link RunTimeoutContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class RunTimeoutTest extends RunTimeoutContract {}

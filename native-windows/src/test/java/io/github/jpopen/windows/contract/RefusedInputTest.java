package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.RefusedInputContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link RefusedInputContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class RefusedInputTest extends RefusedInputContract {}

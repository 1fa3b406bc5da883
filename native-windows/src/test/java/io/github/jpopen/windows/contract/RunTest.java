package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.RunContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link RunContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class RunTest extends RunContract {}

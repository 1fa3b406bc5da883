package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.BadInputContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link BadInputContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class BadInputTest extends BadInputContract {}

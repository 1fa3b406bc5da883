package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.StreamInputContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link StreamInputContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class StreamInputTest extends StreamInputContract {}

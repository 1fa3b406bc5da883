package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CommunicateInputContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CommunicateInputContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CommunicateInputTest extends CommunicateInputContract {}

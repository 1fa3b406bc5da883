package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CommunicateTimeoutContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CommunicateTimeoutContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CommunicateTimeoutTest extends CommunicateTimeoutContract {}

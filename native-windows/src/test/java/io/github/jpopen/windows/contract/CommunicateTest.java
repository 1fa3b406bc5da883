package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CommunicateContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CommunicateContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CommunicateTest extends CommunicateContract {}

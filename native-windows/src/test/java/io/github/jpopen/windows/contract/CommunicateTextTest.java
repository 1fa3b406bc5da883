package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CommunicateTextContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CommunicateTextContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CommunicateTextTest extends CommunicateTextContract {}

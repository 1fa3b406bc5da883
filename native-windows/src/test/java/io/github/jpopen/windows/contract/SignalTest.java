package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.SignalContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link SignalContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class SignalTest extends SignalContract {}

package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.HostContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link HostContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class HostTest extends HostContract {}

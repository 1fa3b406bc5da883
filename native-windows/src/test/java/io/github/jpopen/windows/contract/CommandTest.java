package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.CommandContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CommandContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CommandTest extends CommandContract {}

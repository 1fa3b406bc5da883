package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ShellContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ShellContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ShellTest extends ShellContract {}

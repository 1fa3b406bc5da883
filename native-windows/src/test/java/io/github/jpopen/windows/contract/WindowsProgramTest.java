package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.WindowsProgramContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link WindowsProgramContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class WindowsProgramTest extends WindowsProgramContract {}

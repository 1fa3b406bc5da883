package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ProgramContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ProgramContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ProgramTest extends ProgramContract {}

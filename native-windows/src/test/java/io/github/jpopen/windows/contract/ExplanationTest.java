package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ExplanationContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ExplanationContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ExplanationTest extends ExplanationContract {}

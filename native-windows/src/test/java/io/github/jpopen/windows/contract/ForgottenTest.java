package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ForgottenContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ForgottenContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ForgottenTest extends ForgottenContract {}

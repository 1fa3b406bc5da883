package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ShellContract;
import org.junit.jupiter.api.Disabled;

/** {@link ShellContract}, which Windows cannot keep. */
@Disabled("the scripts are for /bin/sh; cmd.exe is in WindowsTest")
final class ShellTest extends ShellContract {}

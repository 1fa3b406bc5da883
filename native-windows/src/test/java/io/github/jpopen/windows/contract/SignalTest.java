package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.SignalContract;
import org.junit.jupiter.api.Disabled;

/** {@link SignalContract}, which Windows cannot keep. */
@Disabled("POSIX has signals; TerminateProcess and console events are in WindowsTest")
final class SignalTest extends SignalContract {}

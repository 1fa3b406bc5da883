package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.PosixOptionsContract;
import org.junit.jupiter.api.Disabled;

/** {@link PosixOptionsContract}, which Windows cannot keep. */
@Disabled("sessions, groups and pipe sizes are POSIX; that they are refused is in WindowsTest")
final class PosixOptionsTest extends PosixOptionsContract {}

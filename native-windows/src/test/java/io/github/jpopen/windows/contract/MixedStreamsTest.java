package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.MixedStreamsContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link MixedStreamsContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class MixedStreamsTest extends MixedStreamsContract {}

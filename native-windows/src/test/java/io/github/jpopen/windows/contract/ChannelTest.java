package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.ChannelContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link ChannelContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class ChannelTest extends ChannelContract {}

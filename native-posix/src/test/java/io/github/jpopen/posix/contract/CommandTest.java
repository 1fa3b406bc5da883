package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.CommandContract;

/** {@link CommandContract} on POSIX. */
final class CommandTest extends CommandContract {}

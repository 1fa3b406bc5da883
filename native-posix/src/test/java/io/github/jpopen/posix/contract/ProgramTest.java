package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ProgramContract;

/** {@link ProgramContract} on POSIX. */
final class ProgramTest extends ProgramContract {}

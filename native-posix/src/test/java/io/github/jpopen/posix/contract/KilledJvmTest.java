package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.KilledJvmContract;

/** {@link KilledJvmContract} on POSIX. */
final class KilledJvmTest extends KilledJvmContract {}

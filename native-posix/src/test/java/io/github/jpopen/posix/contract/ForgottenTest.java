package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.ForgottenContract;

/** {@link ForgottenContract} on POSIX. */
final class ForgottenTest extends ForgottenContract {}

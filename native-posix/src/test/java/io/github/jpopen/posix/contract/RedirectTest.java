package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.RedirectContract;

/** {@link RedirectContract} on POSIX. */
final class RedirectTest extends RedirectContract {}

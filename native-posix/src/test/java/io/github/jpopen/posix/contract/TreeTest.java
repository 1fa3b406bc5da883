package io.github.jpopen.posix.contract;

import io.github.jpopen.contract.TreeContract;
import io.github.jpopen.posix.PosixTest;

/** {@link TreeContract} on POSIX. */
final class TreeTest extends TreeContract {
  @Override
  protected boolean remembersEndedChildren() {
    return !PosixTest.LIKE_MAC;
  }
}

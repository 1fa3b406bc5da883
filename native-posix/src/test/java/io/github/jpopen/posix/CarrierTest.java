package io.github.jpopen.posix;

import io.github.jpopen.contract.CarrierContract;

/** {@link CarrierContract} on POSIX. */
final class CarrierTest extends CarrierContract {
  @Override
  protected Class<?> program() {
    return CarrierProgram.class;
  }
}

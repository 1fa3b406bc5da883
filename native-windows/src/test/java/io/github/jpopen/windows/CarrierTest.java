package io.github.jpopen.windows;

import io.github.jpopen.contract.CarrierContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link CarrierContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class CarrierTest extends CarrierContract {
  @Override
  protected Class<?> program() {
    return CarrierProgram.class;
  }
}

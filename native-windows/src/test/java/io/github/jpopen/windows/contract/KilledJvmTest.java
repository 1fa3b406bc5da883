package io.github.jpopen.windows.contract;

import io.github.jpopen.contract.KilledJvmContract;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@link KilledJvmContract} on Windows. */
@EnabledOnOs(OS.WINDOWS)
final class KilledJvmTest extends KilledJvmContract {
  @Override
  protected List<String> options() {
    return List.of("-XX:-PrintWarnings", "-Dio.github.jpopen.windows.noWindow=false");
  }
}

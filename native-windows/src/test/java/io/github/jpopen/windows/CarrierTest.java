package io.github.jpopen.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No call of a thread depends on another virtual thread that gets no carrier. */
@EnabledOnOs(OS.WINDOWS)
class CarrierTest {
  @ParameterizedTest
  @CsvSource({
    "BUSY_CARRIERS, NONE",
    "BUSY_CARRIERS, ON_EXIT",
    "BUSY_CARRIERS, WAITING",
    "BUSY_CARRIERS, POLLING",
    "INITIALISER, WAITING"
  })
  void everyCallReturns(CarrierProgram.Place place, CarrierProgram.Company company)
      throws Exception {
    String found =
        Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java.exe"),
                "-XX:-PrintWarnings",
                "--enable-native-access=ALL-UNNAMED",
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-Dio.github.jpopen.windows.noWindow=false",
                "-cp",
                System.getProperty("java.class.path"),
                CarrierProgram.class.getName(),
                place.name(),
                company.name())
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .text()
            .timeout(Duration.ofMinutes(5))
            .checkOutput();
    assertThat(found.strip()).isEqualTo("fine");
  }
}

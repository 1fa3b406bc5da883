package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.Command;
import io.github.jpopen.CompletedProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No call of a thread depends on another virtual thread that gets no carrier. */
public abstract class CarrierContract {
  /** The main class that runs {@link Carriers}. */
  protected abstract Class<?> program();

  @ParameterizedTest
  @CsvSource({
    "ONE_BUSY_CARRIER, NONE",
    "ONE_BUSY_CARRIER, ON_EXIT",
    "ONE_BUSY_CARRIER, WAITING",
    "ONE_BUSY_CARRIER, POLLING",
    "BUSY_CARRIERS, ON_EXIT",
    "INITIALISER, NONE",
    "INITIALISER, WAITING"
  })
  void everyCallReturns(Carriers.Place place, Carriers.Company company) throws Exception {
    List<String> options =
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Djdk.virtualThreadScheduler.parallelism=" + place.carriers,
            "-Djdk.virtualThreadScheduler.maxPoolSize=" + place.carriers);
    CompletedProcess<String> result =
        Command.of(ChildLauncher.jvm(options, program(), place.name(), company.name()))
            .removeEnv("JAVA_TOOL_OPTIONS")
            .removeEnv("JDK_JAVA_OPTIONS")
            .text()
            .captureOutput()
            .timeout(Duration.ofMinutes(5))
            .run();
    assertThat(result.stdout().strip()).as(result.stderr()).isEqualTo(Carriers.FINE);
  }
}

package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No call of a thread depends on another virtual thread that gets no carrier. */
class CarrierTest {
  @TempDir Path temp = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "ONE_BUSY_CARRIER, NONE",
    "ONE_BUSY_CARRIER, WAITING",
    "BUSY_CARRIERS, ON_EXIT",
    "INITIALISER, NONE",
    "INITIALISER, WAITING"
  })
  void everyCallReturns(CarrierProgram.Place place, CarrierProgram.Company company)
      throws Exception {
    String found =
        new SubJvm()
            .option("-Djdk.virtualThreadScheduler.parallelism=" + place.carriers)
            .option("-Djdk.virtualThreadScheduler.maxPoolSize=" + place.carriers)
            .run(
                "exec \"$@\"",
                CarrierProgram.class,
                temp.resolve("result"),
                place.name(),
                company.name());
    assertThat(found).isEqualTo(SubJvm.FINE);
  }
}

package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private final String before = System.getProperty(Settings.IDLE, "");

  @AfterEach
  void putBack() {
    System.setProperty(Settings.IDLE, before);
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "500, 500", "9223372036854775807, 2147483647"})
  void idleTimeCanBeWaitedFor(long property, long millis) {
    System.setProperty(Settings.IDLE, Long.toString(property));
    assertThat(Settings.ofSystemProperties().idle()).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void idleTimeOfNoNumberIsTheUsualOne() {
    System.setProperty(Settings.IDLE, "");
    assertThat(Settings.ofSystemProperties().idle()).isEqualTo(Duration.ofSeconds(10));
  }
}

package io.github.jpopen.posix.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.checks.GeneratedFiles;
import io.github.jpopen.checks.StaticAsserts;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class BindingsTest {
  @Test
  void generatedFilesAreAsGenerated() throws IOException {
    assertThat(GeneratedFiles.recorded("posix")).isNotEmpty();
    assertThat(GeneratedFiles.present()).isEqualTo(GeneratedFiles.recorded("posix"));
  }

  @TestFactory
  Stream<DynamicTest> compilersAgree() throws IOException, InterruptedException {
    return StaticAsserts.tests(
        400, "linux-x86_64", "linux-aarch64", "macos-x86_64", "macos-aarch64");
  }
}

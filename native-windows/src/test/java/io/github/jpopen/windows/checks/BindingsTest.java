package io.github.jpopen.windows.checks;

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
    assertThat(GeneratedFiles.recorded("windows")).isNotEmpty();
    assertThat(GeneratedFiles.present()).isEqualTo(GeneratedFiles.recorded("windows"));
  }

  @TestFactory
  Stream<DynamicTest> compilersAgree() throws IOException, InterruptedException {
    return StaticAsserts.tests(1_600, "windows-x86_64", "windows-aarch64");
  }

  @TestFactory
  Stream<DynamicTest> kernel32HasEveryFunction() throws IOException, InterruptedException {
    return StaticAsserts.symbols("windows-kernel32");
  }
}

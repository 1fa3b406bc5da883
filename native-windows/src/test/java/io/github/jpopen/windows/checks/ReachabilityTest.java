package io.github.jpopen.windows.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.checks.LinkedShape;
import io.github.jpopen.checks.ReachabilityFile;
import io.github.jpopen.windows.WindowsPlatform;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file for GraalVM has the shapes that this module links, and no other. */
class ReachabilityTest {
  private static final ReachabilityFile FILE =
      new ReachabilityFile("jpopen-native-windows", WindowsPlatform.class);

  @Test
  void theFileIsWhatTheBindingLayerLinks() throws IOException {
    FILE.check();
  }

  @Test
  void aKnownFunctionIsAmongTheShapes() {
    // BOOL ReadFile(HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED)
    var readFile =
        new LinkedShape(
            "jint", List.of("void*", "void*", "jint", "void*", "void*"), true, -1, false);
    assertThat(FILE.linked()).contains(readFile).allMatch(LinkedShape::capturesError);
  }
}

package io.github.jpopen.posix.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.checks.LinkedShape;
import io.github.jpopen.checks.ReachabilityFile;
import io.github.jpopen.posix.PosixPlatform;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The file for GraalVM has the shapes that this module links, and no other. */
class ReachabilityTest {
  private static final ReachabilityFile FILE =
      new ReachabilityFile("jpopen-native-posix", PosixPlatform.class);

  @Test
  void theFileIsWhatTheBindingLayerLinks() throws IOException {
    FILE.check();
  }

  @Test
  void theShapesAreThoseOfCallShapes() {
    var uniform =
        new LinkedShape(
            "jlong",
            List.of("jlong", "void*", "jlong", "jlong", "jlong", "jlong"),
            true,
            -1,
            false);
    var variadic = new LinkedShape("jlong", Collections.nCopies(3, "jlong"), true, 2, false);
    var heap = new LinkedShape("jlong", List.of("jint", "void*", "jlong"), true, -1, true);
    assertThat(FILE.linked()).containsExactlyInAnyOrder(uniform, variadic, heap);
  }
}

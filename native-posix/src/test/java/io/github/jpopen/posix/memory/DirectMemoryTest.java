package io.github.jpopen.posix.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.SubJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Other code has taken all direct memory, which the segments of an automatic arena count as. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class DirectMemoryTest {
  @TempDir Path temp = Path.of("");

  @Test
  void killAndCloseEndTheirChildren() throws Exception {
    String result =
        new SubJvm()
            .option("-XX:MaxDirectMemorySize=8m")
            .run("exec \"$@\"", DirectMemoryProgram.class, temp.resolve("direct"));
    assertThat(result).isEqualTo(SubJvm.FINE);
  }
}

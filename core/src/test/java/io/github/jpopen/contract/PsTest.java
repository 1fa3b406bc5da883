package io.github.jpopen.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@link Ps} is for macOS; Linux has the same {@code ps}, so it is looked at there. */
@PosixOnly("ps is a tool of POSIX")
class PsTest {
  @Test
  void childIsListedUntilItsExit() throws Exception {
    boolean here = Files.exists(Path.of("/bin/ps")) || Files.exists(Path.of("/usr/bin/ps"));
    assumeTrue(here && File.separatorChar == '/', "there is no ps here");
    Process cat = new ProcessBuilder("cat").start();
    assertThat(Ps.children()).containsKey(cat.pid());
    assertThat(Ps.children().get(cat.pid())).doesNotStartWith("Z");
    assertThat(Ps.isDead(cat.pid())).isFalse();
    cat.getOutputStream().close();
    assertThat(cat.waitFor()).isZero();
    assertThat(Ps.children()).doesNotContainKey(cat.pid());
    assertThat(Ps.isDead(cat.pid())).isTrue();
  }
}

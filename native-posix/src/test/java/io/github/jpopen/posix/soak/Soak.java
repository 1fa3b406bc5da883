package io.github.jpopen.posix.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.posix.SubJvm;
import io.github.jpopen.posix.child.ReusedIds;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Minutes of everything at once, after which nothing is left; and a thousand process ids that are
 * used again. Its name keeps it out of the build; the profile {@code soak} runs it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class Soak {
  private static final String MINUTES = System.getProperty("soak.minutes", "30");

  @TempDir Path temp = Path.of("");

  @Test
  void minutesOfEverythingLeaveNothing() throws Exception {
    String result =
        new SubJvm()
            .option("-Xmx64m", "-Xms64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC")
            .option("-XX:-MaxFDLimit")
            .option("-Djava.util.logging.config.file=/dev/null") // each dropped child is a warning
            .within(Duration.ofSeconds((long) (60 * Double.parseDouble(MINUTES))).plusMinutes(10))
            .run("ulimit -Sn 1024; exec \"$@\"", SoakProgram.class, temp.resolve("soak"), MINUTES);
    System.out.println(result);
    assertThat(result).endsWith(SubJvm.FINE);
  }

  @Test
  void aThousandIdsAreUsedAgain() throws Exception {
    Assumptions.assumeTrue(ReusedIds.arePossible(), "no namespaces of process ids here");
    String script = "exec unshare -pf --mount-proc \"$@\"";
    String result =
        new SubJvm()
            .within(Duration.ofHours(1))
            .run(script, ReusedIds.class, temp.resolve("reused"), "1000", "20000");
    System.out.println("soak: " + result);
    assertThat(result).isEqualTo("1000 reused, 1000 alive");
  }
}

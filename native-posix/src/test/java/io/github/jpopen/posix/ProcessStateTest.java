package io.github.jpopen.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.contract.Covers;
import io.github.jpopen.posix.spawn.SpawnTier;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRequest.Put;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What belongs to the whole process stays as it is, whichever way a child is started. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
class ProcessStateTest extends PosixTest {
  private static final Path SELF = Path.of("/proc/self");

  @ParameterizedTest
  @EnumSource(SpawnTier.class)
  @Covers("promise 12")
  void everyTierKeepsTheStateOfTheProcess(SpawnTier tier) throws Exception {
    Settings settings = Settings.ofSystemProperties();
    PosixPlatform own =
        new PosixPlatform(HOST, new Settings(tier, settings.pidfd(), settings.epoll()));
    start(own, SpawnRequests.of("true")).text();

    Map<String, String> before = state();
    start(own, SpawnRequests.of("cat").cwd(Path.of("/")).environment(new Put("JPOPEN", "x")))
        .input(new byte[100_000])
        .text();
    start(own, SpawnRequests.of("true").inherit()).text();
    try {
      start(own, SpawnRequests.of("/nonexistent").cwd(Path.of("/")));
      throw new AssertionError("started");
    } catch (SpawnRefused e) {
      assertThat(e.errorName()).isEqualTo("ENOENT");
    }
    assertThat(state()).isEqualTo(before);
  }

  /** Signals, umask, user, groups, directory, environment and limits of this process. */
  private static Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    for (String line : Files.readAllLines(SELF.resolve("status"))) {
      if (line.matches("(Sig(Blk|Ign|Cgt)|Umask|Uid|Gid|Groups|Cap\\w+|NoNewPrivs|Seccomp):.*")) {
        state.put(line.substring(0, line.indexOf(':')), line);
      }
    }
    state.put("directory", Files.readSymbolicLink(SELF.resolve("cwd")).toString());
    state.put("environment", Files.readString(SELF.resolve("environ")));
    state.put("limits", String.join("\n", Files.readAllLines(SELF.resolve("limits"))));
    state.put("environment of Java", new TreeMap<>(System.getenv()).toString());
    state.put("session", String.join(" ", List.of(Files.readString(SELF.resolve("sessionid")))));
    return state;
  }
}

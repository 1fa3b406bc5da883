package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which processes have which pipes open, in folders that look as those of {@code /proc}. */
final class PipeHoldersTest {
  private static final Path IN = Path.of("pipe:[10]");
  private static final Path OUT = Path.of("pipe:[11]");
  private static final Map<StreamKind, Path> PIPES =
      Map.of(StreamKind.STDIN, IN, StreamKind.STDOUT, OUT);

  @TempDir private Path proc;

  private void process(String pid, String name, Path... files) throws IOException {
    Path folder = Files.createDirectories(proc.resolve(pid).resolve("fd"));
    for (int i = 0; i < files.length; i++) {
      Files.createSymbolicLink(folder.resolve("" + i), files[i]);
    }
    Files.writeString(proc.resolve(pid).resolve("comm"), name + "\n");
  }

  private Map<StreamKind, List<PipeHolder>> found() {
    return new PipeHolders(proc, PIPES).get();
  }

  @Test
  void oneLookFindsTheHoldersOfAllPipes() throws IOException {
    process("20", "both", IN, OUT, Path.of("/dev/null"));
    process("21", "one", Path.of("socket:[11]"), OUT, OUT);
    process("22", "none", Path.of("pipe:[12]"));
    Map<StreamKind, List<PipeHolder>> found = found();
    PipeHolder both = new PipeHolder(20, "both");
    assertThat(found.get(StreamKind.STDIN)).containsExactly(both);
    assertThat(found.get(StreamKind.STDOUT))
        .containsExactlyInAnyOrder(both, new PipeHolder(21, "one"));
    assertThat(found).doesNotContainKey(StreamKind.STDERR);
  }

  @Test
  void whatCannotBeReadIsPassedOver() throws IOException {
    process("20", "holder", OUT);
    Files.createDirectories(proc.resolve("21")); // has ended
    Files.createDirectories(proc.resolve("22/fd"));
    Files.writeString(proc.resolve("22/fd/0"), "no link");
    process("9999999999999999999999", "no number", OUT);
    process("self", "a name", OUT);
    Files.delete(proc.resolve("20/comm"));
    assertThat(found().get(StreamKind.STDOUT)).contains(new PipeHolder(20, ""));
  }

  @Test
  void oursIsNotAHolder() throws IOException {
    process(Long.toString(ProcessHandle.current().pid()), "java", OUT);
    assertThat(found()).isEmpty();
  }

  @Test
  void withoutProcNothingIsKnown() {
    assertThat(new PipeHolders(proc.resolve("nowhere"), PIPES).get()).isEmpty();
  }
}

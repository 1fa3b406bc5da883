package io.github.jpopen.posix.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that looks like {@code /proc}, with what the system may show there. */
class PipeHoldersTest {
  private static final Path IN = Path.of("pipe:[1]");
  private static final Path OUT = Path.of("pipe:[2]");
  private static final Path ERR = Path.of("pipe:[3]");

  @TempDir Path proc;

  @BeforeEach
  void showsUs() throws IOException {
    process(100, "us", IN, OUT, ERR);
    Files.createSymbolicLink(proc.resolve("self"), Path.of("100"));
  }

  private Path process(long pid, String name, Path... open) throws IOException {
    Path process = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Path descriptors = Files.createDirectory(process.resolve("fd"));
    for (int i = 0; i < open.length; i++) {
      Files.createSymbolicLink(descriptors.resolve(Integer.toString(i)), open[i]);
    }
    Files.writeString(process.resolve("comm"), name + "\n");
    return process;
  }

  private Map<StreamKind, List<PipeHolder>> look() {
    PipeHolders holders = new PipeHolders(proc);
    holders.add(StreamKind.STDIN, IN);
    holders.add(StreamKind.STDOUT, OUT);
    holders.add(StreamKind.STDERR, ERR);
    Map<StreamKind, List<PipeHolder>> found = holders.get();
    found.values().forEach(one -> one.sort(Comparator.comparingLong(PipeHolder::pid)));
    return found;
  }

  @Test
  void eachPipeHasItsHoldersAndWeAreNone() throws IOException {
    process(1, "all", Path.of("anon_inode:[eventpoll]"), IN, ERR, OUT, OUT);
    process(2, "one", OUT);
    process(3, "none", Path.of("pipe:[22]"), Path.of("socket:[2]"));
    PipeHolder all = new PipeHolder(1, "all");
    assertThat(look())
        .containsEntry(StreamKind.STDIN, List.of(all))
        .containsEntry(StreamKind.STDOUT, List.of(all, new PipeHolder(2, "one")))
        .containsEntry(StreamKind.STDERR, List.of(all));
  }

  /** Each of them throws at another moment. */
  @Test
  void processesThatEndOrAreClosedToUsHideNoOther() throws IOException {
    Files.createDirectory(proc.resolve("1")); // ended: without "fd"
    Files.createFile(Files.createDirectory(proc.resolve("2")).resolve("fd")); // cannot be opened
    Files.createFile(process(3, "odd").resolve("fd/0")); // no link
    Files.delete(process(4, "ended meanwhile", OUT).resolve("comm"));
    Path noText = process(5, "no text", OUT).resolve("comm");
    Files.write(noText, new byte[] {'a', (byte) 0xFF});
    Files.createFile(proc.resolve("6")); // no process
    Files.createDirectory(proc.resolve("7x"));
    Files.createDirectories(proc.resolve("99999999999999999999/fd"));
    process(8, "last", OUT);
    assertThat(look().get(StreamKind.STDOUT))
        .containsExactly(
            new PipeHolder(4, ""), new PipeHolder(5, "a\uFFFD"), new PipeHolder(8, "last"));
  }

  /** The directory of another namespace: our own id there is not the one that we know. */
  @Test
  void anotherNumberOfOursIsNoHolder() throws IOException {
    long here = ProcessHandle.current().pid();
    process(here, "another process", OUT);
    assertThat(look().get(StreamKind.STDOUT))
        .containsExactly(new PipeHolder(here, "another process"));
  }

  @Test
  void withoutProcNoneIsKnown() throws IOException {
    Files.delete(proc.resolve("self"));
    process(1, "child", OUT);
    assertThat(look().values()).allMatch(List::isEmpty);
  }
}

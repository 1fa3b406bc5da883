package io.github.jpopen.posix.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.jpopen.posix.PosixTest;
import io.github.jpopen.seam.SpawnRequests;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.SpawnRefused.Culprit;
import io.github.jpopen.spi.SpawnRequest.Clear;
import io.github.jpopen.spi.SpawnRequest.Put;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search for a program, in directories a, b, c … of which some hold what looks like it. */
class ProgramSearchTest extends PosixTest {
  @TempDir Path temp = Path.of("");

  @BeforeEach
  void makeDirectories() throws IOException {
    script("a", true);
    script("b", true);
    script("noexec", false);
    Files.createDirectories(temp.resolve("dir/prog"));
    Files.createDirectory(temp.resolve("empty"));
    Files.createSymbolicLink(
        Files.createDirectory(temp.resolve("dangling")).resolve("prog"), Path.of("/no/such"));
    Files.createSymbolicLink(
        Files.createDirectory(temp.resolve("link")).resolve("prog"), temp.resolve("a/prog"));
    Files.createFile(temp.resolve("file"));
    Path bad = Files.createDirectory(temp.resolve("badinterpreter")).resolve("prog");
    Files.writeString(bad, "#!/no/such\n");
    assertThat(bad.toFile().setExecutable(true)).isTrue();
    Path corrupt = Files.createFile(Files.createDirectory(temp.resolve("corrupt")).resolve("prog"));
    assertThat(corrupt.toFile().setExecutable(true)).isTrue();
    script("ümläut", true);
    Path loop = Files.createDirectory(temp.resolve("loop")).resolve("prog");
    Files.createSymbolicLink(loop, loop);
    Path looping = Files.createDirectory(temp.resolve("loopinterpreter")).resolve("prog");
    Files.writeString(looping, "#!" + loop + "\n");
    assertThat(looping.toFile().setExecutable(true)).isTrue();
  }

  private void script(String directory, boolean executable) throws IOException {
    Path file = Files.createDirectory(temp.resolve(directory)).resolve("prog");
    Files.writeString(file, "#!/bin/sh\necho " + directory + "\n");
    assertThat(file.toFile().setExecutable(executable)).isTrue();
  }

  private String path(String list) {
    // @ stands for the directory of this test
    return list.replace("@", temp.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "@/a:@/b, a",
    "@/b:@/a, b",
    "@/missing:@/b, b",
    "@/empty:@/b, b",
    "@/noexec:@/b, b",
    "@/dir:@/b, b",
    "@/dangling:@/b, b",
    "@/file:@/b, b",
    "@/badinterpreter:@/b, b",
    "@/loop:@/b, b",
    "@/loopinterpreter:@/b, b",
    "@/corrupt:@/b, b",
    "@/link, a",
    "@/ümläut, ümläut",
    ":@/b, b",
    "@/b:, b",
    "::@/b::, b",
    ".:@/b, b",
    "..:a:@/b, b",
    "@/b/, b",
  })
  void programIsFound(String list, String where) throws Exception {
    assertThat(
            output(
                SpawnRequests.of("prog")
                    .cwd(temp.resolve("a"))
                    .environment(new Put("PATH", path(list)))))
        .isEqualTo(where + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ENOENT",
    ":, ENOENT",
    "., ENOENT",
    "..:a, ENOENT",
    "@/missing:@/empty, ENOENT",
    "@/dir, ENOENT",
    "@/dangling, ENOENT",
    "@/file, ENOENT",
    "@/noexec, EACCES",
    "@/noexec:@/missing, EACCES",
    "@/missing:@/noexec, EACCES",
    "@/badinterpreter, ENOENT",
    "@/badinterpreter:@/noexec, EACCES",
    "@/loop, ELOOP",
    "@/loop:@/missing, ELOOP",
    "@/loop:@/noexec, ELOOP",
    "@/noexec:@/loop, EACCES",
    "@/loopinterpreter, ELOOP",
    "@/corrupt, ENOEXEC",
    "@/corrupt:@/missing, ENOEXEC",
    "@/badinterpreter:@/corrupt, ENOEXEC",
    "@/badinterpreter:@/loopinterpreter, ELOOP",
  })
  void programIsNotFound(String list, String error) {
    SpawnRefused failure =
        catchThrowableOfType(
            SpawnRefused.class,
            () ->
                start(
                    SpawnRequests.of("prog")
                        .cwd(temp.resolve("a"))
                        .environment(new Put("PATH", path(list)))));
    assertThat(failure.errorName()).isEqualTo(error);
    assertThat(failure.culprit().toString())
        .isEqualTo(list.endsWith("interpreter") ? "INTERPRETER" : "PROGRAM");
  }

  @Test
  void tooLongNameIsReportedInAnExistingDirectory() {
    for (String list : List.of("@/empty:@/noexec", "@/missing:@/empty", "@/missing")) {
      SpawnRequests request =
          SpawnRequests.of("a".repeat(300)).environment(new Put("PATH", path(list)));
      SpawnRefused failure =
          catchThrowableOfType(SpawnRefused.class, () -> start(request.cwd(temp)));
      assertThat(failure.errorName())
          .as(list)
          .isEqualTo(list.equals("@/missing") ? "ENOENT" : "ENAMETOOLONG");
      assertThat(failure.culprit()).isEqualTo(Culprit.PROGRAM);
    }
  }

  @Test
  void ourPathIsSearchedIfTheChildHasNone() throws Exception {
    assertThat(output(SpawnRequests.of("echo", "here").environment(new Clear())))
        .isEqualTo("here\n");
  }

  @Test
  void onlyThePathOfTheChildIsSearched() throws Exception {
    SpawnRequests request =
        SpawnRequests.of("true").environment(new Put("PATH", temp.resolve("a").toString()));
    assertThat(catchThrowableOfType(SpawnRefused.class, () -> start(request))).isNotNull();
  }

  @Test
  void standardPathIsSearchedLast() {
    ProgramSearch search =
        new ProgramSearch(
            HOST, "sh".getBytes(StandardCharsets.US_ASCII), ProgramSearch.STANDARD_PATH);
    assertThat(new String(search.found().getFirst(), StandardCharsets.US_ASCII))
        .isEqualTo("/bin/sh");
  }

  @Test
  void nonUnicodeNameIsSearched() {
    byte[] name = {'n', (byte) 0xFF};
    byte[] path = temp.toString().getBytes(StandardCharsets.UTF_8);
    assertThat(new ProgramSearch(HOST, name, path).found()).isEmpty();
    assertThat(new ProgramSearch(HOST, name, path).error()).isZero();
  }
}

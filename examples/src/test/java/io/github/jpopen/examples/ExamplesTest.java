package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jpopen.examples.snippets.ChildSnippets;
import io.github.jpopen.examples.snippets.CommandSnippets;
import io.github.jpopen.examples.snippets.FailureSnippets;
import io.github.jpopen.examples.snippets.OutputSnippets;
import io.github.jpopen.examples.snippets.OverviewSnippets;
import io.github.jpopen.examples.snippets.PipelineSnippets;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every example does what it says. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the children are programs of POSIX systems")
class ExamplesTest {
  private interface Main {
    void main(String... args) throws Exception;
  }

  @Test
  void gitHead(@TempDir Path empty) throws Exception {
    Clone.assume();
    String head = output(GitHead::main);
    assertTrue(head.matches("HEAD is [0-9a-f]{40,64}\n"), head);
    String nothing = output(GitHead::main, empty.toString());
    assertTrue(nothing.startsWith("git exited with 128: fatal: not a git repository"), nothing);
  }

  @Test
  void grep(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("poem"), "a rose\na -e thorn\na rose\n");
    assertEquals("2 lines\na rose\na rose\n", output(Grep::main, "rose", file.toString()));
    assertEquals("1 lines\na -e thorn\n", output(Grep::main, "-e", file.toString()));
    assertEquals("0 lines\n", output(Grep::main, "lily", file.toString()));
  }

  @Test
  void sortLines() throws Exception {
    assertEquals("a\nb\nä\nsort exited with 0\n", output(SortLines::main, "b", "ä", "a"));
  }

  @Test
  void liveLines() throws Exception {
    String lines = output(LiveLines::main).replaceAll("(?m)^ *\\p{Nd}+ ms ", "");
    assertEquals(
        """
         step 1
         step 2
         step 3
        exit code 3, stderr: [warning 1, warning 2, warning 3]
        """,
        lines);
  }

  @Test
  void killOnTimeout() throws Exception {
    assertEquals(
        "working (Signaled[signal=SIGKILL, coreDumped=false])\n", output(KillOnTimeout::main));
    assertEquals("done (Exited[code=0])\n", output(KillOnTimeout::main, "echo done"));
  }

  @Test
  void firstAnswer() throws Exception {
    assertEquals("quick\nkilled 1 of 2\n", output(FirstAnswer::main));
  }

  @Test
  void snippetsOfTheOverview() throws Exception {
    String sofar = "so far: (one\n)?"; // a busy machine may need longer than the timeout
    assertMatches(
        "a\nb\nls failed: .*no/such/folder.*\n"
            + "a\nb\nexit code 0\n"
            + sofar
            + "one\ntwo\n"
            + "build: compiling\nbuild: a warning\nbuild: done\nexit code 0\n",
        output(OverviewSnippets::main));
  }

  @Test
  void snippetsOfCommands(@TempDir Path folder) throws Exception {
    assertMatches(
        "a\nb\nb\na\n3\na\nb\n"
            + "some text, some text, some text\n"
            + "text\na\nb\n"
            + "a\nb\nout\nerr\n"
            + "progress\nwarning\nCommand\\[exchanged, \\d argument.?\\]\n"
            + "65533 caf\\\\xe9\n"
            + "-9\n"
            + "started\nfalse\n"
            + "(cleaned up\n)?TIMEOUT: SIGTERM\n" // unless it was ended before its trap was set
            + "process \\d+ goes on without us\n"
            + "\\[git, log, -1, --format=%an, %ar\\]\n"
            + "login -u me -p \\*\\*\\*\nCommand\\[nightly login, 4 arguments\\]\n"
            + "IDLE\n"
            + "\\[\\]\n"
            + "Exited\\[code=0\\]\nsaved\n"
            + "\\{true 0=1\\}\n",
        output(CommandSnippets::main, folder.toString()));
  }

  @Test
  void snippetsOfChildren() throws Exception {
    assertMatches(
        "process \\d+ is ready\ntrue\nkilled by SIGKILL\n7\nCALLER: SIGTERM, SIGKILL\n"
            + "true\n(peak: \\d+ bytes\n)?"
            + "0 survived, exit code -9\na question\nready on 8080\na question\n4\n"
            + "command \"sleep\", process \\d+: .*\n(  .*\n)+",
        output(ChildSnippets::main));
  }

  @Test
  void snippetsOfFailures(@TempDir Path folder) throws Exception {
    assertMatches(
        "command \"ls\" returned exit status [12], and wrote to stderr:\n  ls: .*\nls: .*\n"
            + "grep exited with 2\ngrep: .*\n"
            + "(working\n)?" // unless it was ended before it began
            // Permission, where PATH has a folder that is closed to this user.
            + "please install it: (program not found|permission denied): \"no-such-program\"\n"
            + "(5 bytes\nsome\n|0 bytes\n)",
        output(FailureSnippets::main, folder.toString()));
  }

  @Test
  void snippetsOfPipelines(@TempDir Path folder) throws Exception {
    assertMatches(
        """
        b
        a
        y
        \\[0, 1, 0\\]
        1
        0
        searched
        (STDERR: 2 tables
        STDOUT: orders
        STDOUT: users|STDOUT: orders
        STDERR: 2 tables
        STDOUT: users|STDOUT: orders
        STDOUT: users
        STDERR: 2 tables)
        true
        2 stages: banana
        -15
        """,
        output(PipelineSnippets::main, folder.toString()));
  }

  @Test
  void snippetsOfOutputs(@TempDir Path folder) throws Exception {
    assertMatches(
        """
        (STDOUT: compiling
        STDERR: no tests|STDERR: no tests
        STDOUT: compiling)
        no tests
        [0-9a-f]+
        12 passed
        12 passed
        \u00e4
        oh\ufffd
        STDOUT: 1048576
        1
        2
        \\[1, 2, 3, 4, , 100000\\]
        1
        2
        99999
        100000
        done
        588882 bytes before that
        1000000
        """,
        output(OutputSnippets::main, folder.toString()));
  }

  private static void assertMatches(String pattern, String output) {
    assertTrue(output.matches(pattern), output);
  }

  private static String output(Main main, String... args) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      main.main(args);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}

package io.github.jpopen;

import static io.github.jpopen.spi.StreamKind.STDERR;
import static io.github.jpopen.spi.StreamKind.STDIN;
import static io.github.jpopen.spi.StreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.scripted.Call;
import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread for each of the three streams as text, at the same time: each gets all of its own. */
class TwoReadersTest extends ScriptedTest {
  private static final String[] WORDS = {"a", "word", "\u00e9t\u00e9", "\u2603", "\ud83d\ude00"};
  private static final String[] ENDS = {"\n", "\r\n", "\n", "\r"};

  /** Text whose last line has an end. */
  private static String text(SplittableRandom random, int lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append(i);
      for (int word = random.nextInt(8); word > 0; word--) {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
      text.append(ENDS[random.nextInt(ENDS.length)]);
    }
    return text.append("\n").toString();
  }

  private static String asRead(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static Charset charset(SplittableRandom random) {
    return random.nextInt(4) == 0 ? StandardCharsets.UTF_16LE : UTF_8;
  }

  private static <R> Call<R> call(SplittableRandom random, Callable<R> what) {
    return random.nextBoolean() ? Call.of(what) : Call.virtual(what);
  }

  /** Reads to the end in every way that a reader has. */
  private static String readAll(BufferedReader reader, SplittableRandom random) throws IOException {
    StringBuilder all = new StringBuilder();
    char[] some = new char[3000];
    while (true) {
      switch (random.nextInt(8)) {
        case 0 -> {
          int c = reader.read();
          if (c < 0) {
            return all.toString();
          }
          all.append((char) c);
        }
        case 1, 2 -> {
          int n = reader.read(some, 0, 1 + random.nextInt(some.length));
          if (n < 0) {
            return all.toString();
          }
          all.append(some, 0, n);
        }
        case 3 -> {
          if (reader.ready()) {
            all.append((char) reader.read());
          }
        }
        default -> {
          String line = reader.readLine();
          if (line == null) {
            return all.toString();
          }
          all.append(line).append('\n');
        }
      }
    }
  }

  private static int writeAll(Writer writer, String text, SplittableRandom random)
      throws IOException {
    for (int at = 0; at < text.length(); ) {
      int n = Math.min(text.length() - at, 1 + random.nextInt(500));
      writer.write(text, at, n);
      if (random.nextInt(4) == 0) {
        writer.flush();
      }
      at += n;
    }
    writer.close();
    return text.length();
  }

  /** Writes both outputs in pieces that end anywhere. */
  private static void play(ScriptedChild child, byte[] out, byte[] err, SplittableRandom random) {
    int outAt = 0;
    int errAt = 0;
    while (outAt < out.length || errAt < err.length) {
      int piece = 1 + random.nextInt(1 << random.nextInt(14));
      if (random.nextBoolean()) {
        int end = Math.min(out.length, outAt + piece);
        child.stdout(Arrays.copyOfRange(out, outAt, end));
        outAt = end;
      } else {
        int end = Math.min(err.length, errAt + piece);
        child.stderr(Arrays.copyOfRange(err, errAt, end));
        errAt = end;
      }
      if (random.nextInt(64) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void eachReaderAndTheWriterLoseNothing(int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Charset charset = charset(random);
    String in = text(random, 3000);
    String out = text(random, 10_000);
    String err = text(random, 10_000);
    ScriptedChild child = child().readsInput();
    Popen<String> p = start(PIPES.text(charset));
    SplittableRandom outs = random.split();
    SplittableRandom errs = random.split();
    SplittableRandom ins = random.split();
    Call<String> stdout = call(random, () -> readAll(p.stdoutReader(), outs));
    Call<String> stderr = call(random, () -> readAll(p.stderrReader(), errs));
    Call<Integer> stdin = call(random, () -> writeAll(p.stdinWriter(), in, ins));
    play(child, out.getBytes(charset), err.getBytes(charset), random);
    child.ends(STDOUT).ends(STDERR);
    assertThat(stdout.result()).isEqualTo(asRead(out));
    assertThat(stderr.result()).isEqualTo(asRead(err));
    assertThat(stdin.result()).isEqualTo(in.length());
    child.awaitClosedByCore(STDIN);
    assertThat(new String(child.input(), charset)).isEqualTo(in);
    child.exits(0);
    Output<String> rest = p.communicate();
    assertThat(rest.stdout() + rest.stderr()).isEmpty();
  }

  /** They take turns: each line goes to one of them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void twoThreadsShareTheLinesOfOneReader(int seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
    ScriptedChild child = child();
    Popen<String> p = start(PIPES.text());
    Call<List<String>> one = call(random, () -> p.stdoutReader().lines().toList());
    Call<List<String>> other = call(random, () -> p.stdoutReader().lines().toList());
    byte[] all = String.join("\n", lines).getBytes(UTF_8);
    play(child, all, new byte[0], random);
    child.endsOutputs().exits(0);
    List<String> both = new ArrayList<>(one.result());
    both.addAll(other.result());
    assertThat(both).hasSameSizeAs(lines);
    assertThat(new HashSet<>(both)).isEqualTo(new HashSet<>(lines));
  }
}

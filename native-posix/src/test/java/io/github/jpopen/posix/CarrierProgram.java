package io.github.jpopen.posix;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Input;
import io.github.jpopen.Pipeline;
import io.github.jpopen.Popen;
import io.github.jpopen.RunningPipeline;
import io.github.jpopen.Signal;
import io.github.jpopen.TimeoutExpiredException;
import io.github.jpopen.contract.Carriers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The calls of {@link CarrierTest}. */
final class CarrierProgram {
  private static final int BULK = 1 << 20;

  private CarrierProgram() {}

  public static void main(String[] args) throws Exception {
    new Carriers(echo(), "end\n", Duration.ofSeconds(20))
        .reading(
            "communicate file", p -> p.communicate(Input.file(Path.of("/etc/passwd"))).stdout())
        .row("run", _ -> Command.of("echo", "x").text().checkOutput())
        .row("run array", _ -> sent(Input.stream(new ByteArrayInputStream(new byte[BULK]))))
        .row("run stream", _ -> sent(Input.stream(Carriers.stream("x".repeat(BULK)))))
        .row("pipeline", _ -> cats().input(new byte[BULK]).captureOutput().run().stdout().length())
        .row("pipeline too long", _ -> endlessPipeline())
        .reading("bulk stream", CarrierProgram::bulk)
        .reading("streams", CarrierProgram::dialogue)
        .row("signals", p -> p.sendSignal(Signal.SIGCONT) && p.terminate() && p.waitFor() < 0)
        .run(args);
  }

  /** Echoes lines, and ends after "end" or at the end of its input. */
  private static Command<String> echo() {
    String script = "while read -r line; do echo \"$line\"; [ \"$line\" != end ] || exit 3; done";
    return Command.shell(script).text().stdin(PIPE).captureOutput();
  }

  private static int sent(Input input) throws IOException, InterruptedException {
    return Command.of("wc", "-c").text().input(input).checkOutput().strip().length();
  }

  private static Pipeline<String> cats() {
    Command<byte[]> cat = Command.of("cat");
    return Pipeline.of(cat, cat, cat).text();
  }

  private static Object endlessPipeline() throws IOException, InterruptedException {
    try (RunningPipeline<String> p = cats().stdin(PIPE).captureOutput().start()) {
      p.waitFor(Duration.ofMillis(50));
      return "no timeout";
    } catch (TimeoutExpiredException e) {
      return e.getMessage();
    }
  }

  private static Object bulk(Popen<String> p) throws Exception {
    String text =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "a line of some length with the number " + i + "\n")
            .collect(Collectors.joining());
    return p.communicate(Input.stream(Carriers.stream(text))).stdout().equals(text);
  }

  private static Object dialogue(Popen<String> p) throws Exception {
    StringBuilder heard = new StringBuilder();
    Writer writer = p.stdinWriter();
    for (int i = 20; i >= 0; i--) {
      writer.write(i > 0 ? i + "\n" : "end\n");
      writer.flush();
      heard.append(p.stdoutReader().readLine()).append(' ');
    }
    return heard.append(p.waitFor());
  }
}

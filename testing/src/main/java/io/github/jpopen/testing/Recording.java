package io.github.jpopen.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.testing.fake.Act;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file with what real programs did: a word and its value in each line. */
final class Recording {
  private static final String HEADER = "jpopen recording 1";

  private final Map<Recorded, FakeProgram> programs = new LinkedHashMap<>();
  private final List<@Nullable String> args = new ArrayList<>();
  private @Nullable FakeProgram current;

  private Recording() {}

  /** Writes what was started and not played by a fake. */
  static void write(Path file, List<FakeCall> calls) throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (FakeCall call : calls) {
      SpawnRefused refused = call.take().refused();
      List<Act> acts = call.take().acts();
      if (call.isFake()) {
        continue;
      }
      text.append("\ncall\n");
      for (String arg : call.openArgs()) {
        text.append(arg == null ? "secret" : "arg " + escaped(arg.getBytes(UTF_8))).append('\n');
      }
      if (refused != null) {
        text.append(line(refused)).append('\n');
      }
      acts.forEach(act -> text.append(line(act)).append('\n'));
      if (refused == null && (acts.isEmpty() || !(acts.getLast() instanceof Act.End))) {
        text.append("hangs\n");
      }
    }
    Files.writeString(file, text);
  }

  private static String line(Act act) {
    return switch (act) {
      case Act.Write(StreamKind stream, byte[] bytes) ->
          (stream == StreamKind.STDOUT ? "stdout " : "stderr ") + escaped(bytes);
      case Act.ReadBytes(long bytes) -> "reads " + bytes;
      case Act.Pause(var time) -> "after " + time.toMillis();
      case Act.End(Termination.Exited(int code)) -> "exit " + code;
      case Act.End(Termination.Killed(int signal, boolean _)) -> "killed " + signal;
      default -> "lost";
    };
  }

  private static String line(SpawnRefused refused) {
    return "refused "
        + String.join(
            " ",
            refused.culprit().name(),
            refused.call(),
            Integer.toString(refused.errorCode()),
            refused.errorName(),
            escaped(String.valueOf(refused.getMessage()).getBytes(UTF_8)));
  }

  /** Printable ASCII stays as it is. */
  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      switch (b) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\\' -> text.append("\\\\");
        default -> {
          if (b >= ' ' && b < 0x7f) {
            text.append((char) b);
          } else {
            text.append("\\x").append(HexFormat.of().toHexDigits(b));
          }
        }
      }
    }
    return text.toString();
  }

  private static byte[] unescaped(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        bytes.writeBytes(String.valueOf(c).getBytes(ISO_8859_1));
        continue;
      }
      switch (text.charAt(++i)) {
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 't' -> bytes.write('\t');
        case 'x' -> {
          bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
          i += 2;
        }
        default -> bytes.write('\\');
      }
    }
    return bytes.toByteArray();
  }

  static Recording read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IOException(file + " is no recording: its first line is not \"" + HEADER + '"');
    }
    Recording recording = new Recording();
    for (int i = 1; i < lines.size(); i++) {
      try {
        recording.add(lines.get(i));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IOException(file + " line " + (i + 1) + ": \"" + lines.get(i) + '"', e);
      }
    }
    return recording;
  }

  private void add(String line) {
    int space = line.indexOf(' ');
    String word = space < 0 ? line : line.substring(0, space);
    String value = space < 0 ? "" : line.substring(space + 1);
    switch (word) {
      case "" -> {}
      case "call" -> {
        args.clear();
        current = null;
      }
      case "arg" -> args.add(new String(unescaped(value), UTF_8));
      case "secret" -> args.add(null);
      case "after" -> Long.parseLong(value);
      default -> act(program(), word, value);
    }
  }

  private static void act(FakeProgram program, String word, String value) {
    FakeProgram _ =
        switch (word) {
          case "stdout" -> program.stdout(unescaped(value));
          case "stderr" -> program.stderr(unescaped(value));
          case "reads" -> program.act(new Act.ReadBytes(Long.parseLong(value)));
          case "exit" -> program.exit(Integer.parseInt(value));
          case "killed" ->
              program.act(new Act.End(new Termination.Killed(Integer.parseInt(value), false)));
          case "lost" -> program.act(new Act.End(new Termination.Lost()));
          case "hangs" -> program.hangs();
          case "refused" -> refused(program, value.split(" ", 5));
          default -> throw new IllegalArgumentException("unknown word: " + word);
        };
  }

  private static FakeProgram refused(FakeProgram program, String[] parts) {
    var culprit = SpawnRefused.Culprit.valueOf(parts[0]);
    int error = Integer.parseInt(parts[2]);
    String message = new String(unescaped(parts[4]), UTF_8);
    return program.refusedBy(
        request ->
            new SpawnRefused(request.program(), message, culprit, parts[1], error, parts[3]));
  }

  /** The script of the call that is being read. */
  private FakeProgram program() {
    FakeProgram known = current;
    if (known == null) {
      Recorded key = new Recorded(new ArrayList<@Nullable String>(args));
      FakeProgram before = programs.get(key);
      known = before == null ? new FakeProgram() : before.then();
      programs.put(key, known);
      current = known;
    }
    return known;
  }

  List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (Map.Entry<Recorded, FakeProgram> program : programs.entrySet()) {
      Recorded recorded = program.getKey();
      rules.add(new Rule(List.of(), recorded::fits, program.getValue(), 1));
    }
    return rules;
  }

  /**
   * A command of the file.
   *
   * @param args null for each secret
   */
  private record Recorded(List<@Nullable String> args) {
    boolean fits(FakeCall call) {
      List<String> given = call.args();
      if (given.size() != args.size()) {
        return false;
      }
      for (int i = 0; i < given.size(); i++) {
        String wanted = args.get(i);
        if (wanted != null && !wanted.equals(given.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}

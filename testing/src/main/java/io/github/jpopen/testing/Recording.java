package io.github.jpopen.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.spi.Termination;
import io.github.jpopen.testing.fake.Act;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file with what real programs did: a word and its value in each line. */
final class Recording {
  private static final String HEADER = "jpopen recording 1";
  private static final Set<String> ENDS = Set.of("exit", "killed", "lost", "hangs", "refused");
  private static final String UNFINISHED =
      "a call does not say how it ends, by exit, killed, lost, hangs or refused";

  private final Map<Recorded, FakeProgram> programs = new LinkedHashMap<>();
  private final List<@Nullable String> args = new ArrayList<>();
  private @Nullable FakeProgram current;
  private boolean isInCall;
  private boolean hasEnded;

  private Recording() {}

  /** Writes what was started and not played by a fake. */
  static void write(Path file, List<FakeCall> calls) throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (FakeCall call : calls) {
      SpawnRefused refused = call.take().refused();
      List<Act> acts = call.take().acts();
      if (!call.isReal()) {
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
      case Act.Close(StreamKind stream) ->
          stream == StreamKind.STDOUT ? "closes stdout" : "closes stderr";
      case Act.AwaitSignal(int number) -> "signal " + number;
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
            word(refused.call()),
            Integer.toString(refused.errorCode()),
            word(refused.errorName()),
            escaped(String.valueOf(refused.getMessage()).getBytes(UTF_8)));
  }

  private static String word(String text) {
    return escaped(text.getBytes(UTF_8)).replace(" ", "\\x20");
  }

  /** Printable ASCII stays as it is, except for a blank at the end, which editors remove. */
  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      switch (b) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\\' -> text.append("\\\\");
        default -> {
          if ((b > ' ' && b < 0x7f) || (b == ' ' && i < bytes.length - 1)) {
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
        int end = text.indexOf('\\', i);
        String plain = text.substring(i, end < 0 ? text.length() : end);
        bytes.writeBytes(plain.getBytes(UTF_8));
        i += plain.length() - 1;
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
        case '\\' -> bytes.write('\\');
        default -> throw new IllegalArgumentException("unknown escape: \\" + text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  static Recording read(Path file) throws IOException {
    List<String> lines = lines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IOException(file + " is not a recording: its first line is not \"" + HEADER + '"');
    }
    Recording recording = new Recording();
    for (int i = 1; i < lines.size(); i++) {
      try {
        recording.add(lines.get(i));
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new IOException(
            file + " line " + (i + 1) + ": \"" + lines.get(i) + "\" (" + e.getMessage() + ')', e);
      }
    }
    if (recording.isUnfinished()) {
      throw new IOException(file + " is cut off: " + UNFINISHED);
    }
    return recording;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not a recording: it is not UTF-8", e);
    }
  }

  private void add(String line) {
    int space = line.indexOf(' ');
    String word = space < 0 ? line : line.substring(0, space);
    String value = space < 0 ? "" : line.substring(space + 1);
    switch (word) {
      case "" -> {}
      case "call" -> begin();
      case "arg" -> argument(new String(unescaped(value), UTF_8));
      case "secret" -> argument(null);
      case "after" -> Long.parseLong(value);
      default -> {
        act(program(), word, value);
        hasEnded = ENDS.contains(word);
      }
    }
  }

  private void begin() {
    if (isUnfinished()) {
      throw new IllegalArgumentException(UNFINISHED);
    }
    args.clear();
    current = null;
    isInCall = true;
    hasEnded = false;
  }

  private void argument(@Nullable String argument) {
    if (!isInCall || current != null) {
      throw new IllegalArgumentException("arguments follow a call");
    }
    args.add(argument);
  }

  private boolean isUnfinished() {
    return isInCall && !hasEnded;
  }

  private static void act(FakeProgram program, String word, String value) {
    FakeProgram _ =
        switch (word) {
          case "stdout" -> program.stdout(unescaped(value));
          case "stderr" -> program.stderr(unescaped(value));
          case "reads" -> program.act(new Act.ReadBytes(Long.parseLong(value)));
          case "closes" -> program.act(new Act.Close(output(value)));
          case "signal" -> program.act(new Act.AwaitSignal(Integer.parseInt(value)));
          case "exit" -> // of any system
              program.act(new Act.End(new Termination.Exited(Integer.parseInt(value))));
          case "killed" ->
              program.act(new Act.End(new Termination.Killed(Integer.parseInt(value), false)));
          case "lost" -> program.act(new Act.End(new Termination.Lost()));
          case "hangs" -> program.hangs();
          case "refused" -> refused(program, value.split(" ", 5));
          default -> throw new IllegalArgumentException("unknown word: " + word);
        };
  }

  private static StreamKind output(String name) {
    return switch (name) {
      case "stdout" -> StreamKind.STDOUT;
      case "stderr" -> StreamKind.STDERR;
      default -> throw new IllegalArgumentException("no output: " + name);
    };
  }

  private static FakeProgram refused(FakeProgram program, String[] parts) {
    var culprit = SpawnRefused.Culprit.valueOf(parts[0]);
    int error = Integer.parseInt(parts[2]);
    String call = new String(unescaped(parts[1]), UTF_8);
    String name = new String(unescaped(parts[3]), UTF_8);
    String message = new String(unescaped(parts[4]), UTF_8);
    return program.refusedBy(
        request -> new SpawnRefused(request.program(), message, culprit, call, error, name));
  }

  /** The script of the call that is being read. */
  private FakeProgram program() {
    if (args.isEmpty() || hasEnded) {
      throw new IllegalArgumentException("this does not belong to a call");
    }
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
      rules.add(new Rule(List.of(), recorded::fits, program.getValue(), 1, recorded.toString()));
    }
    return rules;
  }

  /**
   * A command of the file.
   *
   * @param args null for each secret
   */
  private record Recorded(List<@Nullable String> args) {
    @Override
    public String toString() {
      return args.stream().map(arg -> arg == null ? "***" : arg).toList().toString();
    }

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

package io.github.jpopen.command;

import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.SpawnRequest;
import io.github.jpopen.spi.SpawnRequest.Argument;
import io.github.jpopen.spi.SpawnRequest.Raw;
import io.github.jpopen.spi.SpawnRequest.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Shows a command as a person would type it. Nothing is ever started from this. */
public final class CommandDisplay {
  private static final String PLAIN = "_@%+=:,./-";

  /** What a shell takes for its own if it stands first: those of sh, and of bash and zsh. */
  static final Set<String> RESERVED =
      Set.of(
          "case",
          "coproc",
          "do",
          "done",
          "elif",
          "else",
          "end",
          "esac",
          "fi",
          "for",
          "foreach",
          "function",
          "if",
          "in",
          "nocorrect",
          "repeat",
          "select",
          "then",
          "time",
          "until",
          "while");

  private CommandDisplay() {}

  /**
   * The command in the shell of this system.
   *
   * @param command the program and its arguments, or a script and its arguments
   * @param shell whether it is a script
   * @param program the shell of a script
   * @param chosen whether the caller has chosen that shell
   * @return one line
   */
  public static String line(List<Argument> command, boolean shell, String program, boolean chosen) {
    List<String> words = new ArrayList<>();
    boolean windows = Platforms.isWindows();
    if (shell) {
      words.add(windows ? quotedForPrograms(program) : quotedForSh(program));
      words.addAll(windows ? List.of("/c") : SpawnRequest.shellOptions(chosen, command.getFirst()));
    }
    boolean first = true;
    for (Argument argument : command) {
      words.add(word(argument, windows, first && shell, first && !shell));
      first = false;
    }
    return String.join(" ", words);
  }

  private static String word(Argument argument, boolean windows, boolean script, boolean program) {
    if (argument instanceof Secret) {
      return argument.display();
    }
    if (windows) {
      // cmd.exe removes the outer quotation marks of a script and undoes nothing inside.
      return script ? '"' + argument.text() + '"' : quotedForPrograms(argument.text());
    }
    String word =
        argument instanceof Raw raw ? quotedForSh(raw.bytes()) : quotedForSh(argument.text());
    // sh takes an unquoted first word with "=" for the assignment of a variable.
    boolean ambiguous = RESERVED.contains(word) || (word.indexOf('=') >= 0 && isPlain(word));
    return program && ambiguous ? "'" + word + "'" : word;
  }

  private static String quotedForSh(String text) {
    if (isPlain(text)) {
      return text;
    }
    return text.codePoints().anyMatch(CommandDisplay::isInvisible)
        ? quotedForSh(text.getBytes(StandardCharsets.UTF_8))
        : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String quotedForSh(byte[] bytes) {
    StringBuilder word = new StringBuilder("$'");
    boolean plain = bytes.length > 0;
    for (byte b : bytes) {
      plain &= b > 0 && isPlain(b);
      if (b < ' ' || b == 0x7f) {
        word.append(String.format(Locale.ROOT, "\\%03o", b & 0xff));
      } else {
        word.append(b == '\'' || b == '\\' ? "\\" : "").append((char) b);
      }
    }
    return plain ? new String(bytes, StandardCharsets.US_ASCII) : word + "'";
  }

  private static boolean isPlain(String text) {
    return !text.isEmpty() && text.codePoints().allMatch(CommandDisplay::isPlain);
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PLAIN.indexOf(c) >= 0;
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  // A backslash is doubled in front of a quotation mark only, as CommandLineToArgvW undoes it.
  private static String quotedForPrograms(String text) {
    if (!text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || c == '"')) {
      return text;
    }
    String escaped = text.replaceAll("(\\\\*)\"", "$1$1\\\\\"").replaceAll("(\\\\+)$", "$1$1");
    return '"' + escaped + '"';
  }
}

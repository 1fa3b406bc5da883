package io.github.jpopen.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits a line into words as sh does. What sh would interpret is rejected, so that no line means
 * one thing here and another thing there.
 */
public final class ShellWords {
  /** What separates commands, redirects, expands, or matches file names. */
  private static final String ACTIVE = "|&;<>()$`*?[";

  /** Before these, a backslash counts between double quotes. */
  private static final String ESCAPED_IN_QUOTES = "$`\"\\";

  /** What may not stand first without quotes, besides {@link CommandDisplay#RESERVED}. */
  private static final Set<String> PUNCTUATION = Set.of("!", "{", "}", "[[");

  private final String line;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private int at;

  /** Whether a word has begun: quotes alone make an empty one. */
  private boolean inWord;

  /** Whether the word has quotes or a backslash, which keep sh from recognizing it. */
  private boolean quoted;

  /** Where an unquoted opening brace is, which may become a list; -1 if there is none. */
  private int brace = -1;

  private ShellWords(String line) {
    this.line = line;
  }

  /**
   * Splits a line.
   *
   * @param line what a person would type
   * @return the words, at least one
   * @throws IllegalArgumentException if there is no word, a quote has no end, or sh would interpret
   *     something. The message holds a position and no word, which may be secret
   */
  public static List<String> of(String line) {
    return new ShellWords(line).split();
  }

  private List<String> split() {
    try {
      while (at < line.length()) {
        next();
      }
      endWord();
    } catch (Unclear e) {
      throw new IllegalArgumentException("command line, index " + e.index + ": " + e.getMessage());
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("command line is empty");
    }
    return List.copyOf(words);
  }

  private void next() throws Unclear {
    char c = line.charAt(at);
    switch (c) {
      case ' ', '\t' -> {
        endWord();
        at++;
      }
      case '\n', '\r' -> lineBreak();
      case '\'' -> singleQuotes();
      case '"' -> doubleQuotes();
      case '\\' -> backslash();
      default -> plain(c);
    }
  }

  // The line breaks around a text block mean nothing.
  private void lineBreak() throws Unclear {
    boolean around = (words.isEmpty() && !inWord) || line.substring(at).isBlank();
    if (!around) {
      throw unclear("a line break starts another command: quote it, or use Command.shell");
    }
    endWord();
    at++;
  }

  private void plain(char c) throws Unclear {
    if (ACTIVE.indexOf(c) >= 0
        || (c == '#' && !inWord)
        || (c == '~' && mayBeHome())
        || isBraceList(c)) {
      throw unclear("a shell interprets '" + c + "': quote it, or use Command.shell");
    }
    if (c == '=' && words.isEmpty() && !quoted && isVariable(word.length())) {
      throw unclear("a shell sets a variable with '=': use Command.env, or quote it");
    }
    if (c == '{') {
      brace = at;
    }
    add(c);
    at++;
  }

  // bash replaces both in an argument such as a=~/b:~/c.
  private boolean mayBeHome() {
    if (!inWord) {
      return true;
    }
    char before = line.charAt(at - 1);
    return before == '=' || (before == ':' && isVariable(word.indexOf("=")));
  }

  // bash and zsh make several words of {a,b} and {1..3}.
  private boolean isBraceList(char c) {
    return brace >= 0 && (c == ',' || (c == '.' && line.startsWith("..", at)));
  }

  // With a "+" in bash.
  private boolean isVariable(int length) {
    int end = length > 1 && word.charAt(length - 1) == '+' ? length - 1 : length;
    return end > 0
        && !isDigit(word.charAt(0))
        && word.chars().limit(end).allMatch(c -> c == '_' || isDigit(c) || isLetter(c));
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void singleQuotes() throws Unclear {
    int end = line.indexOf('\'', at + 1);
    if (end < 0) {
      throw unclear("the quote ' has no end");
    }
    beginQuoted();
    word.append(line, at + 1, end);
    at = end + 1;
  }

  private void doubleQuotes() throws Unclear {
    int begin = at++;
    beginQuoted();
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == '"') {
        at++;
        return;
      }
      if (c == '$' || c == '`') {
        throw unclear("a shell interprets '" + c + "' in double quotes: use single quotes");
      }
      if (c == '\\' && at + 1 < line.length()) {
        char escaped = line.charAt(at + 1);
        if (escaped == '\n' || ESCAPED_IN_QUOTES.indexOf(escaped) >= 0) {
          at += 2;
          if (escaped != '\n') {
            word.append(escaped);
          }
          continue;
        }
      }
      word.append(c);
      at++;
    }
    at = begin;
    throw unclear("the quote \" has no end");
  }

  // sh would remove it from C:\bin, too, which is never what was meant.
  private void backslash() throws Unclear {
    if (at + 1 == line.length()) {
      throw unclear("a backslash at the end");
    }
    char escaped = line.charAt(at + 1);
    if (escaped != '\n') {
      if (Character.isLetterOrDigit(escaped)) {
        throw unclear("a shell removes this backslash: use quotes");
      }
      beginQuoted();
      word.append(escaped);
    }
    at += 2;
  }

  private void beginQuoted() {
    inWord = true;
    quoted = true;
  }

  private void add(char c) {
    inWord = true;
    word.append(c);
  }

  private void endWord() throws Unclear {
    if (!inWord) {
      return;
    }
    String ended = word.toString();
    if (words.isEmpty()
        && !quoted
        && (CommandDisplay.RESERVED.contains(ended) || PUNCTUATION.contains(ended))) {
      at -= ended.length();
      throw unclear("this word belongs to the shell: quote it, or use Command.shell");
    }
    words.add(ended);
    word.setLength(0);
    inWord = false;
    quoted = false;
    brace = -1;
  }

  private Unclear unclear(String message) {
    return new Unclear(at, message);
  }

  /** Thrown where a line cannot be split; it has no stack trace, because none is shown. */
  private static final class Unclear extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;

    Unclear(int index, String message) {
      super(message, null, false, false);
      this.index = index;
    }
  }
}

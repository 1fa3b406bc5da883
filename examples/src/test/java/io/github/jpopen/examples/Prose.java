package io.github.jpopen.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of prose that no sentence crosses: a paragraph, a list item, a heading or a table cell of
 * a document, or one of these in a Javadoc comment. Code and link targets are one word each.
 *
 * @param place the file, relative to the root of the sources
 * @param line the number of the first line
 * @param text the lines, without the marks of Markdown or Javadoc at their beginning
 */
record Prose(Path place, int line, String text) {
  private static final Pattern INLINE_CODE = Pattern.compile("`[^`]*`");
  private static final Pattern LINK_TARGET = Pattern.compile("(?<=])\\([^)]*\\)");
  private static final Pattern HTML_TAG = Pattern.compile("(?s)<!--.*?-->|</?[a-z][^>]*>");
  private static final Pattern LIST_MARK = Pattern.compile("\\s*(?:[-*]|\\d+\\.)\\s+");
  private static final Pattern TABLE_RULE = Pattern.compile("[|\\s:-]+");
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

  private static final Pattern COMMENT =
      Pattern.compile(
          "(?s)\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'"
              + "|//[^\\n]*|/\\*.*?\\*/");
  private static final Pattern COMMENT_MARK = Pattern.compile("(?m)^\\h*\\*(?!/) ?");
  private static final Pattern PREFORMATTED =
      Pattern.compile("(?s)<pre>.*?</pre>|<table\\b[^>]*>.*?</table>");
  private static final Pattern INLINE_TAG = Pattern.compile("\\{@(\\w+)");
  private static final Pattern BLOCK_START =
      Pattern.compile("<(?:p|ul|ol|li|dt|dd|h\\d)\\b[^>]*>|(?m)^@\\w+");
  private static final Pattern TAG_ARGUMENT =
      Pattern.compile("^@(?:param\\h+(?:<\\w+>|\\w+)|throws\\h+[\\w.]+|\\w+)\\h*");

  /** The prose of a Markdown document. */
  static List<Prose> ofDocument(Path root, Path file) throws IOException {
    List<Prose> pieces = new ArrayList<>();
    StringBuilder paragraph = new StringBuilder();
    int first = 0;
    int number = 0;
    boolean code = false;
    for (String line : Files.readAllLines(file)) {
      number++;
      boolean fence = line.strip().startsWith("```");
      boolean starts = LIST_MARK.matcher(line).lookingAt();
      boolean alone = line.startsWith("#") || line.startsWith("|") || line.isBlank();
      code ^= fence;
      if (fence || code || starts || alone) {
        add(pieces, root.relativize(file), first, paragraph);
      }
      if (fence || code || line.isBlank()) {
        continue;
      }
      if (line.startsWith("|")) {
        cells(pieces, root.relativize(file), number, line);
        continue;
      }
      first = paragraph.isEmpty() ? number : first;
      paragraph.append(LIST_MARK.matcher(line).replaceFirst("").replaceFirst("^#+ ", ""));
      paragraph.append('\n');
      if (alone) {
        add(pieces, root.relativize(file), first, paragraph);
      }
    }
    add(pieces, root.relativize(file), first, paragraph);
    return pieces;
  }

  private static void cells(List<Prose> pieces, Path place, int number, String line) {
    if (TABLE_RULE.matcher(line).matches()) {
      return;
    }
    for (String cell : CELL_END.split(line, -1)) {
      add(pieces, place, number, new StringBuilder(cell.strip()));
    }
  }

  private static void add(List<Prose> pieces, Path place, int line, StringBuilder text) {
    if (!text.isEmpty()) {
      String prose = masked(LINK_TARGET, masked(INLINE_CODE, text.toString()));
      pieces.add(new Prose(place, line, masked(HTML_TAG, prose, "")));
      text.setLength(0);
    }
  }

  /** The prose of the Javadoc comments of a source file. */
  static List<Prose> ofJavadoc(Path root, Path file) throws IOException {
    List<Prose> pieces = new ArrayList<>();
    String source = Files.readString(file);
    Matcher comment = COMMENT.matcher(source);
    while (comment.find()) {
      String text = comment.group();
      if (text.startsWith("/**") && text.length() > 5) {
        int line = lines(source, comment.start()) + 1;
        javadoc(pieces, root.relativize(file), line, text.substring(3, text.length() - 2));
      }
    }
    return pieces;
  }

  private static void javadoc(List<Prose> pieces, Path place, int first, String comment) {
    String text = COMMENT_MARK.matcher(comment).replaceAll("");
    text = inlineTagsMasked(masked(PREFORMATTED, text, ""));
    Matcher start = BLOCK_START.matcher(text);
    int begin = 0;
    while (begin < text.length()) {
      int end = start.find() ? start.start() : text.length();
      String block = text.substring(begin, end);
      if (!block.isBlank()) {
        String prose = TAG_ARGUMENT.matcher(block).replaceFirst("");
        int line = first + lines(text, begin);
        pieces.add(new Prose(place, line, masked(HTML_TAG, prose, "")));
      }
      begin = end;
      if (end < text.length() && text.charAt(end) == '<') {
        begin = start.end();
      }
    }
  }

  private static String inlineTagsMasked(String text) {
    StringBuilder prose = new StringBuilder(text);
    Matcher tag = INLINE_TAG.matcher(prose);
    int from = 0;
    while (tag.find(from)) {
      int end = tag.end();
      for (int depth = 1; end < prose.length() && depth > 0; end++) {
        depth += prose.charAt(end) == '{' ? 1 : prose.charAt(end) == '}' ? -1 : 0;
      }
      String word = tag.group(1).equals("snippet") ? "" : "X";
      String mask = word + "\n".repeat(lines(prose.substring(tag.start(), end), end - tag.start()));
      from = tag.start() + mask.length();
      prose.replace(tag.start(), end, mask);
      tag.reset();
    }
    return prose.toString();
  }

  private static String masked(Pattern pattern, String text) {
    return masked(pattern, text, "X");
  }

  /** Replaces what a pattern finds, and keeps its line ends. */
  static String masked(Pattern pattern, String text, String word) {
    return pattern
        .matcher(text)
        .replaceAll(found -> word + "\n".repeat(lines(found.group(), found.group().length())));
  }

  /** How many lines end before a position. */
  static int lines(String text, int end) {
    return (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  /** Names a position in the text as a compiler does. */
  String at(int position) {
    return place + ":" + (line + lines(text, position));
  }
}

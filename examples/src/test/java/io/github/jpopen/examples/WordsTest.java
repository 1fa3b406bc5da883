package io.github.jpopen.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Documents and Javadoc use the words of the glossary in CONTRIBUTING.md, in short sentences. */
class WordsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int WORDS_IN_A_SENTENCE = 25;

  /** Its generator wraps lists of tests, so a line may hold more or less than one sentence. */
  private static final Path GENERATED = ROOT.resolve("docs/python-parity.md");

  /**
   * A row of the glossary.
   *
   * @param write the first cell of the row
   * @param instead finds what is to be replaced
   */
  private record Rule(String write, Pattern instead) {
    Rule(String write, String instead) {
      this(write, Pattern.compile("(?i)" + instead.replace(" ", "\\s+")));
    }
  }

  private static final List<Rule> RULES =
      List.of(
          new Rule("set, option, argument", "\\b(?:un)?said\\b"),
          new Rule("reports, throws, returns", "\\btold\\b"),
          new Rule("even if, even when", "\\balso,? (?:if|when|while|after)\\b"),
          new Rule("at most", "\\bso long at most\\b"),
          new Rule("available", "\\bbe had\\b"),
          new Rule(
              "the thread that, the caller that",
              "(?:^|[.:;,(] |\\b(?:and|or|but|that|if|when|than|as|for|of|by|to|with) )who\\b"
                  + "|\\bwhoever\\b"),
          new Rule("except for", "\\bbut for\\b"),
          new Rule("discard, release", "\\b(?:let|lets|letting) go\\b"),
          new Rule("no longer", "\\bany ?more\\b"),
          new Rule("the caller, another thread, no process", "\\b(?:some|no|any|every)body\\b"),
          new Rule("the caller, another thread, no process", "\\b(?:some|any|every)one\\b"));

  /** The rows of the glossary: two cells, and code in the second one. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|`]+) \\| (`[^|]+) \\|$");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|“[^”]*”");
  private static final Pattern SENTENCE_END = Pattern.compile("[.!?][*_)\"”]*\\s+");
  private static final Pattern NEW_SENTENCE =
      Pattern.compile("(?<!\\d)[.!?][*_)\"”]* +(?=[\\[*\"“(`]*[A-Z0-9])");
  private static final Pattern LEAD = Pattern.compile("^\\*\\*[^*]+\\*\\* +");
  private static final Pattern WHOLE = Pattern.compile(".*[.!?:][*_)\"”]*");

  @Test
  void wordsAreThoseOfTheGlossary() throws IOException {
    List<String> found = new ArrayList<>();
    for (Prose piece : prose()) {
      for (Rule rule : RULES) {
        Matcher match = rule.instead.matcher(Prose.masked(QUOTED, piece.text(), "X"));
        while (match.find()) {
          String words = match.group().strip().replaceAll("\\s+", " ");
          found.add(piece.at(match.end()) + ": \"" + words + "\", write: " + rule.write);
        }
      }
    }
    assertTrue(found.isEmpty(), () -> "\n" + String.join("\n", found));
  }

  @Test
  void glossaryIsChecked() throws IOException {
    Set<String> rows = new LinkedHashSet<>();
    Matcher row = ROW.matcher(Files.readString(ROOT.resolve("CONTRIBUTING.md")));
    while (row.find()) {
      rows.add(row.group(1));
      Matcher example = CODE.matcher(row.group(2));
      while (example.find()) {
        assertTrue(finds(row.group(1), example.group(1)), example.group());
      }
    }
    Set<String> checked = new LinkedHashSet<>();
    RULES.forEach(rule -> checked.add(rule.write));
    assertEquals(checked, rows);
  }

  private static boolean finds(String write, String words) {
    return RULES.stream()
        .anyMatch(rule -> rule.write.equals(write) && rule.instead.matcher(words).find());
  }

  @Test
  void sentencesAreShort() throws IOException {
    List<String> found = new ArrayList<>();
    for (Prose piece : prose()) {
      Matcher end = SENTENCE_END.matcher(piece.text() + "\n");
      int start = 0;
      while (start < piece.text().length()) {
        int next = end.find() ? Math.min(end.end(), piece.text().length()) : piece.text().length();
        long words = words(piece.text().substring(start, next));
        if (words > WORDS_IN_A_SENTENCE) {
          found.add(piece.at(start) + ": a sentence of " + words + " words");
        }
        start = next;
      }
    }
    assertTrue(found.isEmpty(), () -> "\n" + String.join("\n", found));
  }

  private static long words(String sentence) {
    return Stream.of(sentence.split("\\s+", -1))
        .filter(word -> word.chars().anyMatch(Character::isLetterOrDigit))
        .count();
  }

  @Test
  void documentLinesAreSentences() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path document : DocumentsTest.documents()) {
      if (document.equals(GENERATED)) {
        continue;
      }
      for (Prose piece : Prose.ofDocument(ROOT, document)) {
        String[] lines = piece.text().stripTrailing().split("\n", -1);
        boolean cell = Files.readAllLines(document).get(piece.line() - 1).startsWith("|");
        for (int i = 0; i < lines.length; i++) {
          String line = LEAD.matcher(lines[i]).replaceFirst("");
          if (!cell && NEW_SENTENCE.matcher(line).find()) {
            found.add(piece.place() + ":" + (piece.line() + i) + ": more than one sentence");
          }
          if (i < lines.length - 1 && !WHOLE.matcher(lines[i]).matches()) {
            found.add(piece.place() + ":" + (piece.line() + i) + ": a line ends in a sentence");
          }
        }
      }
    }
    assertTrue(found.isEmpty(), () -> "\n" + String.join("\n", found));
  }

  private static List<Prose> prose() throws IOException {
    List<Prose> pieces = new ArrayList<>();
    for (Path document : DocumentsTest.documents()) {
      pieces.addAll(Prose.ofDocument(ROOT, document));
    }
    for (Path source : sources()) {
      pieces.addAll(Prose.ofJavadoc(ROOT, source));
    }
    assertFalse(pieces.isEmpty());
    return pieces;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module :
        List.of("core", "native-posix", "native-windows", "testing", "conformance")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
      }
    }
    return sources;
  }
}

package io.github.jpopen.posix.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A row of a table in the resources: cells between bars. */
record KernelRow(List<String> cells) {
  /** The rows of a file, without comments. */
  static Stream<KernelRow> of(String file) throws IOException {
    InputStream stream = KernelRow.class.getResourceAsStream(file);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(stream, file), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> new KernelRow(List.of(line.strip().split(" *\\| *", -1))))
          .toList()
          .stream();
    }
  }

  String cell(int index) {
    return cells.get(index);
  }

  /** The words of a cell. */
  List<String> words(int index) {
    return List.of(cells.get(index).split(" +", -1));
  }

  /** What is done. */
  Act act() {
    return Act.valueOf(words(0).getFirst());
  }

  /** What it is done with; empty if with nothing. */
  String argument() {
    return words(0).size() > 1 ? words(0).get(1) : "";
  }

  /** The first word of a text. */
  static String first(String text) {
    return text.split(" ", 2)[0];
  }

  /** The same, with another text in one cell. */
  KernelRow with(int index, String text) {
    List<String> changed = new ArrayList<>(cells);
    changed.set(index, text);
    return new KernelRow(changed);
  }

  @Override
  public String toString() {
    return String.join(", ", cells);
  }
}

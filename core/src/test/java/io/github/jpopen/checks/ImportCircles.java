package io.github.jpopen.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the circles in which source files, or packages, need each other.
 *
 * <p>A file needs another if it imports it, or names its type outside of comments and literals. The
 * sources are read, and not the compiled classes: there javac has replaced constants by their
 * values.
 */
final class ImportCircles {
  private static final Pattern NO_CODE =
      Pattern.compile(
          "\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])+'|//[^\n"
              + "]*|/\\*.*?\\*/",
          Pattern.DOTALL);
  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern QUALIFIED = Pattern.compile("(?<![\\w.])[a-z]\\w*(?:\\.\\w+)+");
  private static final Pattern SIMPLE = Pattern.compile("(?<![\\w.])[A-Z]\\w*");
  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|interface|enum|record) ([A-Z]\\w*)");

  private final List<SourceFile> files = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  /** One file, and the full name of the type that it is named after. */
  private record SourceFile(String packageName, String type, String code) {
    static SourceFile read(Path path) throws IOException {
      String code = NO_CODE.matcher(Files.readString(path)).replaceAll(" ");
      Matcher matcher = PACKAGE.matcher(code);
      String packageName = matcher.find() ? matcher.group(1) : "";
      return new SourceFile(packageName, fileName(path).replace(".java", ""), code);
    }

    String name() {
      return packageName + "." + type;
    }
  }

  /** Reads all Java files below these source roots. */
  ImportCircles(List<Path> roots) throws IOException {
    for (Path root : roots) {
      try (Stream<Path> paths = Files.walk(root)) {
        for (Path path : paths.filter(ImportCircles::isOfOneType).sorted().toList()) {
          add(SourceFile.read(path));
        }
      }
    }
  }

  private static boolean isOfOneType(Path path) {
    return fileName(path).endsWith(".java") && !fileName(path).contains("-info");
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private void add(SourceFile file) {
    indexes.put(file.name(), files.size());
    files.add(file);
  }

  int size() {
    return files.size();
  }

  /** Each circle: a line for each of its files, with the others that it needs. */
  List<String> find() {
    List<BitSet> needs = files.stream().map(this::needs).toList();
    List<BitSet> reached = reached(needs);
    List<String> circles = new ArrayList<>();
    BitSet done = new BitSet();
    for (int i = 0; i < files.size(); i++) {
      if (reached.get(i).get(i) && !done.get(i)) {
        BitSet circle = circleOf(i, reached);
        done.or(circle);
        circles.add(describe(circle, needs));
      }
    }
    return circles;
  }

  /** Each circle in which packages need each other. */
  List<Set<String>> findOfPackages() {
    Map<String, Set<String>> reached = new TreeMap<>();
    for (SourceFile file : files) {
      Set<String> others = reached.computeIfAbsent(file.packageName(), _ -> new TreeSet<>());
      needs(file).stream().mapToObj(i -> files.get(i).packageName()).forEach(others::add);
    }
    reached.forEach((name, others) -> others.remove(name));
    for (String via : reached.keySet()) {
      for (Set<String> others : reached.values()) {
        if (others.contains(via)) {
          others.addAll(reached.getOrDefault(via, Set.of()));
        }
      }
    }
    return reached.entrySet().stream()
        .filter(entry -> entry.getValue().contains(entry.getKey()))
        .map(entry -> circleOf(entry.getKey(), reached))
        .distinct()
        .toList();
  }

  private static Set<String> circleOf(String name, Map<String, Set<String>> reached) {
    return reached.getOrDefault(name, Set.of()).stream()
        .filter(other -> reached.getOrDefault(other, Set.of()).contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<BitSet> reached(List<BitSet> needs) {
    List<BitSet> reached = needs.stream().map(set -> (BitSet) set.clone()).toList();
    for (int via = 0; via < reached.size(); via++) {
      for (BitSet from : reached) {
        if (from.get(via)) {
          from.or(reached.get(via));
        }
      }
    }
    return reached;
  }

  private static BitSet circleOf(int file, List<BitSet> reached) {
    BitSet circle = new BitSet();
    reached.get(file).stream().filter(i -> reached.get(i).get(file)).forEach(circle::set);
    return circle;
  }

  private String describe(BitSet circle, List<BitSet> needs) {
    StringBuilder lines = new StringBuilder();
    for (int i = circle.nextSetBit(0); i >= 0; i = circle.nextSetBit(i + 1)) {
      BitSet others = (BitSet) needs.get(i).clone();
      others.and(circle);
      lines.append("\n  ").append(files.get(i).name()).append(" -> ").append(names(others));
    }
    return circle.cardinality() + " files:" + lines + "\n";
  }

  private String names(BitSet set) {
    return set.stream().mapToObj(i -> files.get(i).type()).collect(Collectors.joining(", "));
  }

  private BitSet needs(SourceFile file) {
    BitSet needs = new BitSet();
    Set<String> known = new TreeSet<>();
    DECLARED.matcher(file.code()).results().forEach(found -> known.add(found.group(1)));
    for (Matcher matcher = IMPORT.matcher(file.code()); matcher.find(); ) {
      String name = matcher.group(1);
      known.add(name.substring(name.lastIndexOf('.') + 1));
      addIndex(needs, name);
    }
    QUALIFIED.matcher(file.code()).results().forEach(found -> addIndex(needs, found.group()));
    SIMPLE
        .matcher(file.code())
        .results()
        .map(found -> found.group())
        .filter(name -> !known.contains(name))
        .forEach(name -> addIndex(needs, file.packageName() + "." + name));
    needs.clear(indexes.getOrDefault(file.name(), files.size()));
    return needs;
  }

  /** The file of a type, of a type in it, or of a member. */
  private void addIndex(BitSet needs, String name) {
    for (String rest = name; rest.contains("."); rest = rest.substring(0, rest.lastIndexOf('.'))) {
      Integer index = indexes.get(rest);
      if (index != null) {
        needs.set(index);
        return;
      }
    }
  }
}

package io.github.jpopen.bench.cases;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures depend on, as far as it can be found out. */
public final class Machine {
  private static final Pattern LIBRARY =
      Pattern.compile("(commons-exec|zt-exec|nuprocess)-([0-9.]+)\\.jar");

  private Machine() {}

  /** By name, for the report. */
  public static Map<String, String> describe() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Processor", field("/proc/cpuinfo", "model name"));
    facts.put("Processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("Memory", gibibytes("MemTotal"));
    facts.put(
        "System",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "Java", System.getProperty("java.vendor.version", "") + ", Java " + Runtime.version());
    for (String entry :
        System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
      Matcher library = LIBRARY.matcher(Path.of(entry).getFileName().toString());
      if (library.matches()) {
        facts.put(library.group(1), library.group(2));
      }
    }
    return facts;
  }

  /** The load average of the last minute. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Memory that can be taken without swapping, in MiB; 0 if the system does not report it. */
  static long availableMebibytes() throws IOException {
    String kibibytes = field("/proc/meminfo", "MemAvailable");
    return kibibytes.isEmpty() ? 0 : Long.parseLong(kibibytes.split(" ", -1)[0]) / 1024;
  }

  private static String gibibytes(String name) throws IOException {
    String kibibytes = field("/proc/meminfo", name);
    return kibibytes.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "%.1f GiB",
            Double.parseDouble(kibibytes.split(" ", -1)[0]) / (1024 * 1024));
  }

  private static String field(String file, String name) throws IOException {
    Path path = Path.of(file);
    if (Files.exists(path)) {
      for (String line : Files.readAllLines(path)) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return "";
  }
}

package io.github.jpopen.conformance.children;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a child does, one act after the other. It is written for a shell and for a JVM at once. */
public final class Script {
  private final List<String> lines = new ArrayList<>();
  private final List<String> acts = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private boolean onlyShell;
  private boolean endsInProgram;

  /** Does nothing yet. */
  public Script() {}

  /** Writes to stdout. */
  public Script print(String text) {
    return add("print:" + text, "printf %s " + quoted(text));
  }

  /** Writes to stderr. */
  public Script printError(String text) {
    return add("error:" + text, "printf %s " + quoted(text) + " >&2");
  }

  /** Writes zero bytes to stderr. */
  public Script fillError(int bytes) {
    return addProgram("fillError:" + bytes, "head -c " + bytes + " /dev/zero >&2");
  }

  /** Writes to stdout, and never ends. */
  public Script printForEver() {
    return add("printForEver", "while :; do echo on and on; done");
  }

  /** Copies stdin to stdout. */
  public Script cat() {
    return addProgram("cat", "cat");
  }

  /** Copies stdin to both outputs. */
  public Script tee() {
    return addProgram("tee", "tee /dev/stderr");
  }

  public Script sleep(long millis) {
    return addProgram("sleep:" + millis, "sleep " + seconds(millis));
  }

  /** Starts a process that holds the outputs open, and writes to stdout in the end. */
  public Script background(long millis, String text) {
    return add(
        "background:" + millis + " " + text,
        "{ sleep " + seconds(millis) + "; printf %s " + quoted(text) + "; } &");
  }

  public Script closeInput() {
    return add("closeInput", "exec 0<&-");
  }

  public Script closeOutputs() {
    return add("closeOutputs", "exec >&- 2>&-");
  }

  /** Writes these arguments of the child to stdout, each in angle brackets. */
  public Script printArguments(List<String> values) {
    arguments.addAll(values);
    return add("printArguments", "printf '<%s>' \"$@\"");
  }

  /** Writes the value of a variable to stdout. */
  public Script printVariable(String name) {
    return add("printVariable:" + name, "printf %s \"$" + name + "\"");
  }

  /** Writes the working directory to stdout. */
  public Script printDirectory() {
    return add("printDirectory", "pwd -P");
  }

  public Script exit(int code) {
    return add("exit:" + code, "exit " + code);
  }

  /** Sends a signal to the child itself. */
  public Script signal(int number) {
    return addOnlyForShell("kill -" + number + " $$");
  }

  /** Writes the numbers of its descriptors to stdout, one a line. */
  public Script printDescriptors() {
    return addOnlyForShell("ls /proc/$$/fd");
  }

  private Script addOnlyForShell(String line) {
    onlyShell = true;
    return add("", line);
  }

  private Script addProgram(String act, String line) {
    add(act, line);
    endsInProgram = true;
    return this;
  }

  private Script add(String act, String line) {
    acts.add(act);
    lines.add(line);
    endsInProgram = false;
    return this;
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%d.%03d", millis / 1_000, millis % 1_000);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * The command of a child that does this.
   *
   * @param children what the child is
   * @return the program and its arguments
   * @throws NotPossible if only a shell can do it, and the child is none
   */
  public List<String> command(Children children) throws NotPossible {
    if (children == Children.JVMS && onlyShell) {
      throw new NotPossible("needs " + Children.SHELL);
    }
    List<String> command =
        new ArrayList<>(children == Children.SHELLS ? shell() : Acts.command(acts));
    command.addAll(arguments);
    return command;
  }

  private List<String> shell() {
    List<String> script = new ArrayList<>(lines);
    if (endsInProgram) { // no shell is left between the library and the program
      script.set(lines.size() - 1, "exec " + lines.get(lines.size() - 1));
    }
    return List.of(Children.SHELL.toString(), "-c", String.join("\n", script), "sh");
  }
}

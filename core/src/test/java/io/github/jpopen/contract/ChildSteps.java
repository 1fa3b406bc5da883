package io.github.jpopen.contract;

import io.github.jpopen.Command;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Describes what a child does, step by step. */
public abstract class ChildSteps {

  /**
   * One behaviour with its arguments.
   *
   * @param words as {@link ChildProgram} reads them
   */
  protected record Step(List<String> words) {
    static Step of(Behaviour behaviour, String... args) {
      List<String> words = new ArrayList<>(List.of(behaviour.name()));
      words.addAll(List.of(args));
      return new Step(List.copyOf(words));
    }
  }

  /** A child that does these steps and then exits with 0. */
  protected static Command<byte[]> child(Step... steps) {
    return Command.of(ChildLauncher.command())
        .args(words(steps))
        .removeEnv("JAVA_TOOL_OPTIONS") // announced on stderr
        .removeEnv("JDK_JAVA_OPTIONS");
  }

  private static List<String> words(Step... steps) {
    return List.of(steps).stream().flatMap(step -> step.words().stream()).toList();
  }

  /** Text as UTF-8. */
  protected static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static Step out(String text) {
    return out(utf8(text));
  }

  protected static Step out(byte[] bytes) {
    return Step.of(Behaviour.OUT, HexFormat.of().formatHex(bytes));
  }

  protected static Step err(String text) {
    return err(utf8(text));
  }

  protected static Step err(byte[] bytes) {
    return Step.of(Behaviour.ERR, HexFormat.of().formatHex(bytes));
  }

  protected static Step cat() {
    return Step.of(Behaviour.CAT);
  }

  protected static Step catBoth() {
    return Step.of(Behaviour.CAT_BOTH);
  }

  protected static Step digest() {
    return Step.of(Behaviour.DIGEST);
  }

  protected static Step expect(byte[] bytes) {
    return Step.of(Behaviour.EXPECT, HexFormat.of().formatHex(bytes));
  }

  protected static Step answer() {
    return Step.of(Behaviour.ANSWER);
  }

  protected static Step read(int bytes) {
    return Step.of(Behaviour.READ, Integer.toString(bytes));
  }

  protected static Step pass(int bytes) {
    return Step.of(Behaviour.PASS, Integer.toString(bytes));
  }

  protected static Step awaitEof() {
    return Step.of(Behaviour.AWAIT_EOF);
  }

  protected static Step flood(int bytes) {
    return Step.of(Behaviour.FLOOD, Integer.toString(bytes));
  }

  protected static Step sleep(long millis) {
    return Step.of(Behaviour.SLEEP, Long.toString(millis));
  }

  protected static Step live() {
    return Step.of(Behaviour.LIVE);
  }

  protected static Step fill(long bytes) {
    return Step.of(Behaviour.FILL, Long.toString(bytes));
  }

  protected static Step awaitFile(Path file) {
    return Step.of(Behaviour.AWAIT_FILE, file.toString());
  }

  protected static Step touch(Path file) {
    return Step.of(Behaviour.TOUCH, file.toString());
  }

  protected static Step closeIn() {
    return Step.of(Behaviour.CLOSE_IN);
  }

  protected static Step closeOut() {
    return Step.of(Behaviour.CLOSE_OUT);
  }

  protected static Step closeErr() {
    return Step.of(Behaviour.CLOSE_ERR);
  }

  protected static Step exit(int code) {
    return Step.of(Behaviour.EXIT, Integer.toString(code));
  }

  protected static Step printEnv(String name) {
    return Step.of(Behaviour.PRINT_ENV, name);
  }

  protected static Step printEnvNames() {
    return Step.of(Behaviour.PRINT_ENV_NAMES);
  }

  protected static Step printCwd() {
    return Step.of(Behaviour.PRINT_CWD);
  }

  /** Takes the rest of the command line, so it comes last. */
  protected static Step printArgs(String... args) {
    return Step.of(Behaviour.PRINT_ARGS, args);
  }

  /** Starts a grandchild, which does these steps; the child continues with the next of its own. */
  protected static Step starting(Step... steps) {
    return Step.of(Behaviour.STARTING, String.join("|", words(steps)));
  }

  /** Takes the rest of the command line, so it comes last. */
  protected static Step grandchild(Step... steps) {
    return Step.of(Behaviour.GRANDCHILD, words(steps).toArray(String[]::new));
  }
}

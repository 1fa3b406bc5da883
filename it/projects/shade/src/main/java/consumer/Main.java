package consumer;

import io.github.jpopen.Command;

/** Prints what a child prints. */
public class Main {
  public static void main(String[] args) throws Exception {
    System.out.println(Command.of("printf", "child of %s", args[0]).text().checkOutput());
  }
}

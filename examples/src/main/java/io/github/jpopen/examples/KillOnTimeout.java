package io.github.jpopen.examples;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.Popen;
import io.github.jpopen.TimeoutExpiredException;
import java.io.IOException;
import java.time.Duration;

/** Gives a program two seconds, then asks it to end, then kills it, and keeps all it wrote. */
public final class KillOnTimeout {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration GRACE = Duration.ofMillis(500);

  private KillOnTimeout() {}

  /** The argument is a script; the default is a stubborn one. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String script =
        args.length > 0 ? args[0] : "trap '' TERM; echo working; while :; do sleep 0.1; done";
    // If anything else throws, close() kills the child, so nothing is left behind.
    try (Popen<String> child = Command.shell(script).text().stdout(PIPE).killOnClose().start()) {
      String output;
      try {
        output = child.communicate(LIMIT).stdout();
      } catch (TimeoutExpiredException e) {
        child.terminate();
        if (child.poll(GRACE).isEmpty()) {
          child.kill();
        }
        output = child.communicate().stdout(); // the output before the timeout, and after it
      }
      System.out.println(output.strip() + " (" + child.status() + ")");
    }
  }
}

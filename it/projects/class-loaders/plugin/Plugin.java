package consumer;

import io.github.jpopen.Command;
import java.util.concurrent.Callable;

/** What each class loader runs with its own copy of jpopen. */
public class Plugin implements Callable<String> {
  @Override
  public String call() throws Exception {
    return Command.of("printf", "child of %s", "loader").text().checkOutput();
  }
}

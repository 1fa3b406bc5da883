package io.github.jpopen.windows;

import static io.github.jpopen.Redirect.PIPE;

import io.github.jpopen.Command;
import io.github.jpopen.contract.Carriers;
import java.time.Duration;

/** The calls of {@link CarrierTest}. */
final class CarrierProgram {
  private CarrierProgram() {}

  public static void main(String[] args) throws Exception {
    String script = "set /p x=& echo a& exit 3";
    Command<String> child = Command.shell(script).text().stdin(PIPE).captureOutput();
    new Carriers(child, "x\r\n", Duration.ofSeconds(40)).run(args);
  }
}

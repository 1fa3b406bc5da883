package consumer;

import io.github.jpopen.Command;
import io.github.jpopen.testing.FakePrograms;

public final class Main {
  public static void main(String[] args) throws Exception {
    try (FakePrograms fakes = FakePrograms.install()) {
      fakes.on("echo").stdout("fake of " + args[0]);
      System.out.println(Command.of("echo", "child").text().checkOutput());
    }
  }
}

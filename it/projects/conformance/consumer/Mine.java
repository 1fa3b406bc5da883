package consumer;

import io.github.jpopen.conformance.Call;
import io.github.jpopen.conformance.Outcome;
import io.github.jpopen.conformance.ProcessLibrary;
import java.time.Duration;

public final class Mine implements ProcessLibrary {
  @Override
  public Outcome run(Call call, Duration limit) throws Exception {
    Process process = new ProcessBuilder(call.command()).start();
    byte[] stdout = process.getInputStream().readAllBytes();
    return new Outcome.Ended(process.waitFor(), stdout, new byte[0]);
  }
}

package io.github.jpopen.bench.conform;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** NuProcess, whose handler keeps both outputs. */
final class NuProcessLibrary implements Library {
  @Override
  public String name() {
    return "NuProcess";
  }

  @Override
  public Outcome call(Call call, Duration limit) throws Exception {
    Running running = start(call);
    try {
      return running.await(limit);
    } finally {
      running.end();
    }
  }

  @Override
  public Running start(Call call) throws IOException {
    Handler handler = new Handler(call.input());
    NuProcessBuilder builder = new NuProcessBuilder(call.command());
    builder.setProcessListener(handler);
    builder.setCwd(call.folder());
    NuProcess process = builder.start();
    return new Running() {
      @Override
      public Outcome await(Duration limit) throws IOException, InterruptedException {
        int code = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (handler.notStarted) {
          throw new IOException("not started"); // it logs the reason, and gives none
        }
        return code == Integer.MIN_VALUE
            ? new TimedOut(handler.stdout.toByteArray())
            : new Done(code, handler.stdout.toByteArray(), handler.stderr.toByteArray());
      }

      @Override
      public void end() {
        process.destroy(true);
      }
    };
  }

  private static final class Handler extends NuAbstractProcessHandler {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final ByteBuffer input;
    private @Nullable NuProcess process;
    private volatile boolean notStarted;

    Handler(byte[] input) {
      this.input = ByteBuffer.wrap(input);
    }

    @Override
    public void onStart(NuProcess started) {
      process = started;
      if (input.hasRemaining()) {
        started.wantWrite();
      } else {
        started.closeStdin(true);
      }
    }

    @Override
    public void onExit(int code) {
      notStarted = code == Integer.MIN_VALUE;
    }

    @Override
    public boolean onStdinReady(ByteBuffer buffer) {
      int bytes = Math.min(buffer.remaining(), input.remaining());
      buffer.put(input.slice(input.position(), bytes)).flip();
      input.position(input.position() + bytes);
      if (input.hasRemaining()) {
        return true;
      }
      Objects.requireNonNull(process).closeStdin(false); // once this buffer is written
      return false;
    }

    @Override
    public void onStdout(ByteBuffer buffer, boolean closed) {
      keep(buffer, stdout);
    }

    @Override
    public void onStderr(ByteBuffer buffer, boolean closed) {
      keep(buffer, stderr);
    }

    private static void keep(ByteBuffer buffer, ByteArrayOutputStream into) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      into.write(bytes, 0, bytes.length);
    }
  }
}

package io.github.jpopen.bench.conform;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import com.zaxxer.nuprocess.NuProcessHandler;
import com.zaxxer.nuprocess.codec.NuAbstractCharsetHandler;
import io.github.jpopen.conformance.Call;
import io.github.jpopen.conformance.Outcome;
import io.github.jpopen.conformance.ProcessLibrary;
import io.github.jpopen.conformance.RunningCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** NuProcess, whose handler keeps both outputs. */
final class NuProcessLibrary implements ProcessLibrary {
  @Override
  public String name() {
    return "NuProcess";
  }

  @Override
  public Outcome run(Call call, Duration limit) throws Exception {
    RunningCall running = start(call);
    try {
      return running.await(limit);
    } finally {
      running.end();
    }
  }

  @Override
  public RunningCall start(Call call) throws IOException {
    Handler handler = new Handler(call.input());
    NuProcess process = builder(call, handler).start();
    return new RunningCall() {
      @Override
      public Outcome await(Duration limit) throws IOException, InterruptedException {
        int code = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (handler.notStarted) {
          throw new IOException("not started"); // it logs the reason, and gives none
        }
        return code == Integer.MIN_VALUE
            ? new Outcome.TimedOut(handler.stdout.toByteArray())
            : new Outcome.Ended(code, handler.stdout.toByteArray(), handler.stderr.toByteArray());
      }

      @Override
      public void end() {
        process.destroy(true);
      }
    };
  }

  private static NuProcessBuilder builder(Call call, NuProcessHandler handler) {
    NuProcessBuilder builder = new NuProcessBuilder(call.command());
    builder.environment().putAll(call.environment());
    builder.setProcessListener(handler);
    builder.setCwd(call.directory().orElse(null));
    return builder;
  }

  @Override
  public String runText(Call call, Charset charset, Duration limit) throws InterruptedException {
    TextHandler handler = new TextHandler(charset, new String(call.input(), charset));
    NuProcess process = builder(call, handler).start();
    try {
      process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      return handler.stdout.toString();
    } finally {
      process.destroy(true);
    }
  }

  /** Its codec decodes stdout, and encodes stdin. */
  private static final class TextHandler extends NuAbstractCharsetHandler {
    /** What fits into its buffer of bytes, in any charset: stdin is closed after that one. */
    private static final int CHARS = 8_192;

    private final StringBuilder stdout = new StringBuilder();
    private final CharBuffer input;
    private @Nullable NuProcess process;

    TextHandler(Charset charset, String input) {
      super(charset);
      this.input = CharBuffer.wrap(input);
    }

    @Override
    public void onStart(NuProcess started) {
      process = started;
      started.wantWrite();
    }

    @Override
    protected boolean onStdinCharsReady(CharBuffer buffer) {
      int chars = Math.min(CHARS, input.remaining());
      buffer.put(input.slice().limit(chars)).flip();
      input.position(input.position() + chars);
      if (input.hasRemaining()) {
        return true;
      }
      Objects.requireNonNull(process).closeStdin(false);
      return false;
    }

    @Override
    protected void onStdoutChars(CharBuffer buffer, boolean closed, CoderResult result) {
      stdout.append(buffer);
      buffer.position(buffer.limit());
    }
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

package io.github.jpopen;

import io.github.jpopen.conversation.ChildReadStream;
import io.github.jpopen.conversation.ChildWriteStream;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.input.InputSource;
import io.github.jpopen.input.MemoryInput;
import io.github.jpopen.spi.StreamKind;
import io.github.jpopen.text.InputWriter;
import io.github.jpopen.text.OutputReader;
import io.github.jpopen.text.TextDecoder;
import io.github.jpopen.text.TextEncoder;
import io.github.jpopen.text.TextMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one child, made at their first use, and the state of its text, which they share
 * with communicate.
 */
final class StreamAccess {
  private final Conversation conversation;
  private final Function<StreamKind, @Nullable TextMode> modes;
  private final Map<StreamKind, ChildReadStream> outputs = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, TextDecoder> decoders = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, BufferedReader> readers = new EnumMap<>(StreamKind.class);
  private @Nullable ChildWriteStream stdin;
  private @Nullable Writer writer;
  private @Nullable TextEncoder encoder;

  StreamAccess(Conversation conversation, Function<StreamKind, @Nullable TextMode> modes) {
    this.conversation = conversation;
    this.modes = modes;
  }

  synchronized OutputStream stdin() {
    return stdinStream();
  }

  private ChildWriteStream stdinStream() {
    check(StreamKind.STDIN);
    if (stdin == null) {
      stdin = new ChildWriteStream(conversation);
    }
    return stdin;
  }

  synchronized Writer stdinWriter() {
    ChildWriteStream stream = stdinStream();
    if (writer == null) {
      writer = new InputWriter(stream, encoder());
    }
    return writer;
  }

  synchronized InputStream output(StreamKind stream) {
    return outputStream(stream);
  }

  synchronized BufferedReader reader(StreamKind stream) {
    ChildReadStream source = outputStream(stream);
    return readers.computeIfAbsent(
        stream,
        s -> {
          TextDecoder decoder = mode(s).newDecoder();
          decoders.put(s, decoder);
          return new OutputReader(source, decoder);
        });
  }

  private ChildReadStream outputStream(StreamKind stream) {
    check(stream);
    return outputs.computeIfAbsent(stream, s -> new ChildReadStream(conversation, s));
  }

  private TextMode mode(StreamKind stream) {
    return TextMode.orUtf8(modes.apply(stream));
  }

  private void check(StreamKind stream) {
    String name = stream.label();
    if (!conversation.isPipe(stream)) {
      throw new IllegalStateException(name + " is not a pipe: use " + name + "(PIPE)");
    }
    if (stream != StreamKind.STDIN && !conversation.isStreamable(stream)) {
      throw new IllegalStateException(
          conversation.isTapped(stream)
              ? name + " goes to a consumer, which communicate calls: it has no stream"
              : name + " is bounded for communicate, by PIPE.limit or the like: it has no stream");
    }
    conversation.checkNotSealed();
  }

  /** The one encoder of all input, so that there is one byte order mark. */
  synchronized TextEncoder encoder() {
    if (encoder == null) {
      encoder = TextEncoder.of(mode(StreamKind.STDIN));
    }
    return encoder;
  }

  /** The decoder of the reader of this stream; null if there is no reader. */
  synchronized @Nullable TextDecoder decoder(StreamKind stream) {
    return decoders.get(stream);
  }

  /** What was written and not flushed; null if nothing. For communicate, after it has sealed. */
  synchronized @Nullable InputSource unsent() {
    return stdin == null ? null : stdin.unsent();
  }

  /** The bytes that end the written text in its charset; null if there are none. */
  synchronized @Nullable InputSource endOfText() {
    byte[] end = encoder == null ? new byte[0] : encoder.end();
    return end.length == 0 ? null : MemoryInput.of(end);
  }

  /** Whether the user has closed stdin. */
  synchronized boolean isStdinClosed() {
    return stdin != null && stdin.isClosed();
  }

  /** Ends and flushes what was written to stdin, and closes it, without waiting for a writer. */
  void closeStdin() throws IOException {
    ChildWriteStream stream;
    TextEncoder text;
    synchronized (this) {
      stream = stdin;
      text = encoder;
    }
    if (stream != null) {
      stream.closeAtOnce(text == null ? () -> new byte[0] : text::end);
    }
  }
}

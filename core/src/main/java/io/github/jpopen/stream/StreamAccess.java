package io.github.jpopen.stream;

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
public final class StreamAccess {
  private final Conversation conversation;
  private final Function<StreamKind, @Nullable TextMode> modes;
  private final Map<StreamKind, ChildReadStream> outputs = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, TextDecoder> decoders = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, BufferedReader> readers = new EnumMap<>(StreamKind.class);
  private @Nullable ChildWriteStream stdin;
  private @Nullable Writer writer;
  private @Nullable TextEncoder encoder;

  /**
   * None of the streams is made yet.
   *
   * @param conversation with the child
   * @param modes of the text of each stream; null for strict UTF-8
   */
  public StreamAccess(Conversation conversation, Function<StreamKind, @Nullable TextMode> modes) {
    this.conversation = conversation;
    this.modes = modes;
  }

  /**
   * The bytes of stdin.
   *
   * @return the same stream at every call
   * @throws IllegalStateException if stdin is not a pipe, or communicate was called
   */
  public synchronized OutputStream stdin() {
    return stdinStream();
  }

  private ChildWriteStream stdinStream() {
    check(StreamKind.STDIN);
    if (stdin == null) {
      stdin = new ChildWriteStream(conversation);
    }
    return stdin;
  }

  /**
   * The text of stdin.
   *
   * @return the same writer at every call
   * @throws IllegalStateException as {@link #stdin}
   */
  public synchronized Writer stdinWriter() {
    ChildWriteStream stream = stdinStream();
    if (writer == null) {
      writer = new InputWriter(stream, encoder());
    }
    return writer;
  }

  /**
   * The bytes of an output.
   *
   * @param stream which
   * @return the same stream at every call
   * @throws IllegalStateException if it is not a pipe or has no stream, or communicate was called
   */
  public synchronized InputStream output(StreamKind stream) {
    return outputStream(stream);
  }

  /**
   * The text of an output.
   *
   * @param stream which
   * @return the same reader at every call
   * @throws IllegalStateException as {@link #output}
   */
  public synchronized BufferedReader reader(StreamKind stream) {
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

  /**
   * The one encoder of all input, so that there is one byte order mark.
   *
   * @return the same encoder at every call
   */
  public synchronized TextEncoder encoder() {
    if (encoder == null) {
      encoder = TextEncoder.of(mode(StreamKind.STDIN));
    }
    return encoder;
  }

  /**
   * The decoder of a reader.
   *
   * @param stream of the reader
   * @return null if there is no reader
   */
  public synchronized @Nullable TextDecoder decoder(StreamKind stream) {
    return decoders.get(stream);
  }

  /**
   * What was written and not flushed. For communicate, after it has sealed.
   *
   * @return null if there is nothing
   */
  public synchronized @Nullable InputSource unsent() {
    return stdin == null ? null : stdin.unsent();
  }

  /**
   * The bytes that end the written text in its charset.
   *
   * @return null if there are none
   */
  public synchronized @Nullable InputSource endOfText() {
    byte[] end = encoder == null ? new byte[0] : encoder.end();
    return end.length == 0 ? null : MemoryInput.of(end);
  }

  /**
   * Whether the user has closed stdin.
   *
   * @return true if so
   */
  public synchronized boolean isStdinClosed() {
    return stdin != null && stdin.isClosed();
  }

  /**
   * Ends and flushes what was written to stdin, and closes it, without waiting for a writer.
   *
   * @throws IOException if something was not sent; stdin is closed anyway
   */
  public void closeStdin() throws IOException {
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

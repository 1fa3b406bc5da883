package io.github.jpopen;

import io.github.jpopen.output.ChunkTap;
import io.github.jpopen.output.LineTap;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.OutputTap;
import io.github.jpopen.output.TappedOutput;
import io.github.jpopen.text.TextMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Puts the consumers of a command on an output of one child. */
final class Taps {
  private Taps() {}

  /** Opens them. If that fails, none stays open. */
  static OutputBuffer on(
      OutputBuffer kept, StreamName stream, Redirect redirect, CommandSettings settings)
      throws IOException {
    List<OutputTap> taps = new ArrayList<>();
    TappedOutput output = new TappedOutput(kept, taps);
    boolean opened = false;
    try {
      for (OutputTap.Opener tap : redirect.taps()) {
        taps.add(tap.open());
      }
      addConsumers(taps, stream, redirect, settings);
      opened = true;
      return output;
    } finally {
      if (!opened) {
        output.close();
      }
    }
  }

  private static void addConsumers(
      List<OutputTap> taps, StreamName stream, Redirect redirect, CommandSettings settings) {
    OutputConsumer<String> lines = settings.lines;
    if (lines != null) {
      TextMode own = redirect.mode();
      TextMode mode = own == null ? TextMode.orUtf8(settings.form.mode()) : own;
      taps.add(new LineTap(mode.newSplitter(), line -> lines.accept(stream, line)));
    }
    OutputConsumer<byte[]> chunks = settings.chunks;
    if (chunks != null) {
      taps.add(new ChunkTap(bytes -> chunks.accept(stream, bytes)));
    }
  }
}

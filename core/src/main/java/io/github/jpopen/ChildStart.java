package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.conversation.CloseRule;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.output.OutputBuffer;
import io.github.jpopen.output.OutputForm;
import io.github.jpopen.platform.ClassFolder;
import io.github.jpopen.platform.Platforms;
import io.github.jpopen.spi.ChildProcess;
import io.github.jpopen.spi.Persistently;
import io.github.jpopen.spi.ProcessPlatform;
import io.github.jpopen.spi.SpawnRefused;
import io.github.jpopen.spi.StreamKind;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Starts one child, or leaves nothing behind. */
final class ChildStart {
  private static final int SECOND = 2;

  /** How many starts there were, up to the second. */
  private static final AtomicInteger STARTS = new AtomicInteger();

  private ChildStart() {}

  static <T> Popen<T> start(CommandSettings settings, OutputForm<T> form) throws IOException {
    return settings.killOnExit ? startForThisJvm(settings, form) : startNow(settings, form, null);
  }

  private static <T> Popen<T> startForThisJvm(CommandSettings settings, OutputForm<T> form)
      throws IOException {
    try (ExitHook.Start start = ExitHook.starting()) {
      return startNow(settings, form, start);
    }
  }

  private static <T> Popen<T> startNow(
      CommandSettings settings, OutputForm<T> form, ExitHook.@Nullable Start forThisJvm)
      throws IOException {
    ProcessPlatform platform = Platforms.current();
    CommandLabel label = settings.label();
    if (STARTS.get() < SECOND && STARTS.incrementAndGet() == SECOND) {
      // The first child of a JVM does not wait for classes that it does not need.
      ClassFolder.load(ChildStart.class);
      ClassFolder.load(platform.getClass());
    }
    Map<StreamKind, OutputBuffer> outputs = outputs(settings, form);
    int sigkill = Signal.SIGKILL.number();
    settings.checkStopSignal();
    Witness witness = settings.witness(label);
    ChildProcess child = null;
    try {
      child = platform.spawn(settings.spawnRequest());
    } catch (SpawnRefused refusal) {
      throw SpawnException.of(label, refusal);
    } finally {
      if (child == null) {
        closeAll(outputs);
      }
    }
    Conversation conversation = null;
    try {
      CloseRule closeRule = settings.closeRule();
      boolean stdin = settings.stdin().isPipe();
      conversation =
          new Conversation(label.name(), child, stdin, outputs, closeRule, settings.turn);
      Popen<T> popen = new Popen<>(settings, label, form, conversation, sigkill, witness);
      if (forThisJvm != null) { // before a listener hears of the child: it may end the JVM
        conversation.onRelease(() -> ExitHook.remove(popen.ender()));
        forThisJvm.started(popen.ender());
      }
      if (witness != null) {
        witness.started(child.pid(), popen::explain);
        conversation.onEnd(witness);
      }
      return popen;
    } catch (Throwable e) { // no other code knows of this child
      end(child, conversation, sigkill, e);
      closeAll(outputs);
      throw e;
    }
  }

  private static Map<StreamKind, OutputBuffer> outputs(CommandSettings settings, OutputForm<?> form)
      throws IOException {
    Map<StreamKind, OutputBuffer> outputs = new EnumMap<>(StreamKind.class);
    boolean opened = false;
    try {
      addOutput(outputs, StreamKind.STDOUT, settings.stdout(), settings, form);
      addOutput(outputs, StreamKind.STDERR, settings.stderr(), settings, form);
      opened = true;
      return outputs;
    } finally {
      if (!opened) {
        closeAll(outputs);
      }
    }
  }

  private static void addOutput(
      Map<StreamKind, OutputBuffer> outputs,
      StreamKind stream,
      Redirect to,
      CommandSettings settings,
      OutputForm<?> form)
      throws IOException {
    if (to.isPipe()) {
      OutputBuffer kept = to.newBuffer(form);
      outputs.put(
          stream,
          to.taps().isEmpty() && !settings.hasConsumers()
              ? kept
              : Taps.on(kept, StreamName.of(stream), to, settings));
    }
  }

  /** Gives back what was opened for a child that did not start. */
  private static void closeAll(Map<StreamKind, OutputBuffer> outputs) {
    for (OutputBuffer output : outputs.values()) {
      output.close();
    }
  }

  private static void end(
      ChildProcess child, @Nullable Conversation conversation, int sigkill, Throwable failure) {
    try {
      child.signal(sigkill);
    } catch (IOException refused) {
      failure.addSuppressed(refused);
    } finally {
      if (conversation == null) {
        closePersistently(child);
      } else {
        conversation.abandon();
      }
    }
  }

  private static void closePersistently(ChildProcess child) {
    for (int tries = 1; ; tries++) {
      try {
        child.close();
        return;
      } catch (OutOfMemoryError e) {
        Persistently.pause(e, tries);
      }
    }
  }
}

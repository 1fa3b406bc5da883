package io.github.jpopen;

import io.github.jpopen.command.VisibleText;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a conversation had come when a call gave up.
 *
 * @param status how the child had ended, null if its exit was not seen
 * @param bytesSent how much input the child's stdin had taken
 * @param open the pipes that had not ended
 * @param holders finds the processes that hold the other ends of them
 */
record Progress(
    @Nullable ExitStatus status,
    long bytesSent,
    Set<StreamKind> open,
    Supplier<Map<StreamKind, List<PipeHolder>>> holders) {

  static Progress of(Conversation conversation) {
    ExitStatus status = ExitNumbers.status(conversation);
    // Only after the exit does another process hold them. Before it, this is on the path of every
    // timeout, whose code the caches do not hold.
    Set<StreamKind> open = status == null ? Set.of() : openPipes(conversation);
    Supplier<Map<StreamKind, List<PipeHolder>>> holders =
        open.isEmpty() ? Map::of : conversation.pipeHolders();
    return new Progress(status, conversation.bytesSent(), open, holders);
  }

  private static Set<StreamKind> openPipes(Conversation conversation) {
    Set<StreamKind> open = EnumSet.noneOf(StreamKind.class);
    for (StreamKind stream : StreamKind.values()) {
      if (conversation.isPipe(stream) && !conversation.hasEnded(stream)) {
        open.add(stream);
      }
    }
    return open;
  }

  /** The same with the input of another child. */
  Progress withBytesSent(long bytes) {
    return new Progress(status, bytes, open, holders);
  }

  /** What was waited for after the child's exit, as the end of a sentence; empty if it lived. */
  String afterExit() {
    if (status == null || open.isEmpty()) {
      return "";
    }
    Map<StreamKind, List<PipeHolder>> found = holders.get();
    Map<String, List<String>> held = new LinkedHashMap<>();
    for (StreamKind stream : open) {
      String names = names(found.getOrDefault(stream, List.of()), "another process");
      held.computeIfAbsent(names, _ -> new ArrayList<>()).add(stream.label());
    }
    List<String> parts = new ArrayList<>();
    held.forEach(
        (names, streams) ->
            parts.add(
                "its "
                    + String.join(" and ", streams)
                    + (streams.size() == 1 ? " is" : " are")
                    + " held open by "
                    + names));
    return ": the child "
        + CalledProcessException.describe(status)
        + ", but "
        + String.join(", and ", parts)
        + " (Command.drain limits this wait)";
  }

  /** The holders, for people; the other text if none is known. */
  static String names(List<PipeHolder> holders, String unknown) {
    List<String> names =
        holders.stream()
            .map(
                holder ->
                    "process "
                        + holder.pid()
                        + (holder.name().isEmpty()
                            ? ""
                            : " (\"" + VisibleText.of(holder.name()) + "\")"))
            .toList();
    return names.isEmpty() ? unknown : String.join(", ", names);
  }
}

package io.github.jpopen;

import io.github.jpopen.command.CommandLabel;
import io.github.jpopen.conversation.Conversation;
import io.github.jpopen.conversation.Situation;
import io.github.jpopen.conversation.Situation.Activity;
import io.github.jpopen.conversation.Situation.Call;
import io.github.jpopen.conversation.Situation.End;
import io.github.jpopen.conversation.Situation.Pipe;
import io.github.jpopen.spi.Condition;
import io.github.jpopen.spi.Deadline;
import io.github.jpopen.spi.PipeHolder;
import io.github.jpopen.spi.StreamKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person where one child and the calls on it stand. It has no argument, no variable of the
 * environment and no byte of input or output.
 */
final class Explanation {
  private static final double NANOS = 1e9;

  private final CommandLabel label;
  private final Conversation conversation;
  private final @Nullable ExitStatus status;
  private final Condition condition;
  private final @Nullable Situation situation;
  private final Map<StreamKind, Long> queued = new EnumMap<>(StreamKind.class);
  private @Nullable Map<StreamKind, List<PipeHolder>> found;
  private final StringBuilder text = new StringBuilder();

  private Explanation(CommandLabel label, Conversation conversation) {
    this.label = label;
    this.conversation = conversation;
    this.condition = conversation.condition(); // first: what is seen later is not older
    this.situation = conversation.situation();
    this.status = situation == null ? null : ExitNumbers.status(situation.status());
    for (StreamKind stream : StreamKind.values()) {
      queued.put(stream, conversation.isPipe(stream) ? conversation.queued(stream) : -1L);
    }
  }

  /** The text for one child: several lines, without a line end. */
  static String of(CommandLabel label, Conversation conversation) {
    return new Explanation(label, conversation).write();
  }

  private String write() {
    String name = label.command();
    line(name + ", process " + conversation.pid() + ": " + state());
    if (situation == null) {
      line("  another thread keeps what is known of it, perhaps for a slow disk: ask again");
    }
    for (StreamKind stream : StreamKind.values()) {
      line("  " + stream.label() + ": " + (conversation.isPipe(stream) ? pipe(stream) : "no pipe"));
    }
    if (situation != null) {
      line("  " + moved(situation));
      calls(situation);
    }
    hints().forEach(hint -> line("  hint: " + hint));
    return text.toString();
  }

  private void line(String line) {
    text.append(text.isEmpty() ? "" : "\n").append(line);
  }

  private String state() {
    if (status != null) {
      return CalledProcessException.describe(status);
    }
    String how =
        switch (condition) {
          case UNKNOWN -> "the system does not show it";
          case ALIVE -> "lives";
          case RUNNING -> "runs";
          case WAITING -> "lives, and waits for an event";
          case UNINTERRUPTIBLE -> "waits in the kernel, where no signal reaches it";
          case STOPPED -> "is stopped by a signal";
          case TRACED -> "is stopped by a debugger";
          case ENDED -> "has ended (a zombie, or collected), and no call has seen how";
        };
    return situation != null && situation.released() ? how + "; closed here" : how;
  }

  // Pipes.

  private String pipe(StreamKind stream) {
    List<String> parts = new ArrayList<>();
    Pipe pipe = find(stream);
    if (pipe != null && situation != null) {
      parts.add(end(pipe));
      if (stream == StreamKind.STDIN) {
        parts.add(bytes(situation.sent()) + " taken");
        parts.add(unsent(situation));
      } else {
        parts.add(bytes(pipe.received()) + " received");
        if (pipe.unread() > 0 && pipe.unread() < pipe.received()) {
          parts.add(bytes(pipe.unread()) + " of them not consumed");
        }
      }
    }
    if (pipe == null || pipe.end() == End.OPEN) {
      long inPipe = queued(stream);
      parts.add(inPipe < 0 ? "bytes in the pipe not known" : bytes(inPipe) + " in the pipe");
      String holders = Progress.names(holders(stream), "");
      parts.add(holders.isEmpty() ? "holders not known" : "held by " + holders);
    }
    return String.join(", ", parts);
  }

  /** Looks at all processes, once for all pipes, and not at all if none is open. */
  private List<PipeHolder> holders(StreamKind stream) {
    if (found == null) {
      found = conversation.pipeHolders().get();
    }
    return found.getOrDefault(stream, List.of());
  }

  private @Nullable Pipe find(StreamKind stream) {
    if (situation != null) {
      for (Pipe pipe : situation.pipes()) {
        if (pipe.stream() == stream) {
          return pipe;
        }
      }
    }
    return null;
  }

  private long queued(StreamKind stream) {
    Long bytes = queued.get(stream);
    return bytes == null ? -1 : bytes;
  }

  private static String end(Pipe pipe) {
    return switch (pipe.end()) {
      case OPEN -> "open";
      case CLOSED -> "closed here";
      case ENDED -> pipe.stream() == StreamKind.STDIN ? "closed by its readers" : "ended";
    };
  }

  private static String unsent(Situation seen) {
    String known = bytes(seen.unsent()) + " unsent";
    return seen.awaitsInput() ? known + ", and its source is still read" : known;
  }

  private static String bytes(long count) {
    return count == 1 ? "1 byte" : count + " bytes";
  }

  private static String moved(Situation seen) {
    boolean any = seen.sent() > 0 || seen.pipes().stream().anyMatch(pipe -> pipe.received() > 0);
    String age = "started " + seconds(seen.age()) + " ago";
    return age + (any ? ", the last byte moved " + seconds(seen.quiet()) + " ago" : "");
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", (double) nanos / NANOS);
  }

  // Threads.

  private void calls(Situation seen) {
    Deadline next = Deadline.never();
    for (Call call : seen.calls()) {
      Deadline deadline = call.deadline();
      line("  " + ThreadInCall.describe(call) + (deadline == null ? "" : "; " + limit(deadline)));
      if (deadline != null && deadline.nanosLeft() < next.nanosLeft()) {
        next = deadline;
      }
    }
    if (seen.calls().isEmpty()) {
      line("  no thread is in a call");
    } else {
      line("  next deadline: " + (next.isNever() ? "none" : limit(next)));
    }
  }

  private static String limit(Deadline deadline) {
    if (deadline.isNever()) {
      return "no time limit";
    }
    String name = deadline.name().isEmpty() ? "total time limit" : deadline.name();
    return name + (deadline.hasPassed() ? " has passed" : " in " + seconds(deadline.nanosLeft()));
  }

  // Hints: only what the facts above show for certain.

  private List<String> hints() {
    List<String> hints = new ArrayList<>();
    if (condition == Condition.STOPPED) {
      hints.add("it goes on after SIGCONT");
    }
    if (situation != null) {
      boolean moves = situation.calls().stream().anyMatch(c -> c.activity() == Activity.MOVES);
      hintAtOutput(moves, hints);
      hintAtInput(situation, moves, hints);
      hintAtConsumer(situation, hints);
    }
    return hints;
  }

  private void hintAtOutput(boolean moves, List<String> hints) {
    for (StreamKind stream : List.of(StreamKind.STDOUT, StreamKind.STDERR)) {
      Pipe pipe = find(stream);
      boolean open = pipe != null && pipe.end() == End.OPEN;
      if (open && (status != null || condition == Condition.ENDED)) {
        hints.add(
            stream.label()
                + " ends when its holders close it: Command.drain limits the wait for that");
      } else if (open && !moves && queued(stream) > 0) {
        hints.add("no thread reads " + stream.label() + ": communicate does, and waitFor does not");
      }
    }
  }

  private void hintAtInput(Situation seen, boolean moves, List<String> hints) {
    Pipe pipe = find(StreamKind.STDIN);
    if (pipe == null || pipe.end() != End.OPEN || status != null) {
      return;
    }
    if (seen.unsent() > 0 && moves && queued(StreamKind.STDIN) > 0) {
      hints.add("the child does not read its stdin");
    } else if (seen.unsent() == 0 && seen.awaitsInput()) {
      hints.add("the source of the input gives nothing");
    } else if (seen.unsent() == 0 && !seen.closesStdin()) {
      hints.add("stdin is open: a child that reads to its end waits until it is closed");
    }
  }

  private static void hintAtConsumer(Situation seen, List<String> hints) {
    if (seen.calls().stream().anyMatch(call -> call.activity() == Activity.CONSUMES)) {
      hints.add("no byte moves while a consumer of the output runs");
    }
  }
}

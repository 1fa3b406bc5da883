package io.github.jpopen.testing.fake;

import io.github.jpopen.spi.PipeLink;
import io.github.jpopen.spi.SpawnRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The pipes between fake children that are kept open for those that are started later. */
final class Links {
  /** No descriptor and no handle has such a number. */
  private static final long FIRST = 1L << 40;

  private record Kept(BytePipe pipe, Group group) {}

  private final Map<Long, Kept> kept = new ConcurrentHashMap<>();
  private final AtomicLong next = new AtomicLong(FIRST);

  void keep(PipeLink link, BytePipe pipe, Group group, Runnable dropsEnd) {
    long number = next.getAndIncrement();
    kept.put(number, new Kept(pipe, group));
    link.keep(
        number,
        end -> {
          kept.remove(end);
          group.quietly(dropsEnd);
        });
  }

  BytePipe pipe(PipeLink link) {
    return kept(link).pipe();
  }

  private Kept kept(PipeLink link) {
    Kept known = kept.get(link.end());
    if (known == null) {
      throw new UnsupportedOperationException(MIXED);
    }
    return known;
  }

  /** The group that a child belongs to: that of the pipes it shares, or one of its own. */
  Group groupOf(SpawnRequest request) {
    return Stream.of(request.stdin(), request.stdout(), request.stderr())
        .filter(SpawnRequest.Linked.class::isInstance)
        .map(stdio -> kept(((SpawnRequest.Linked) stdio).link()).group())
        .findFirst()
        .orElseGet(Group::new);
  }

  /** A real program cannot read from a fake one. */
  void refuseFakeEnds(SpawnRequest request) {
    boolean any =
        Stream.of(request.stdin(), request.stdout(), request.stderr())
            .anyMatch(
                stdio ->
                    stdio instanceof SpawnRequest.Linked(PipeLink link)
                        && kept.containsKey(link.end()));
    if (any) {
      throw new UnsupportedOperationException(MIXED);
    }
  }

  private static final String MIXED =
      "a pipeline cannot join a fake and a real program: give each stage a script, or none";
}

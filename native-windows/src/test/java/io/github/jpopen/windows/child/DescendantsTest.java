package io.github.jpopen.windows.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.jpopen.spi.Deadline;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Only what was found while the child was alive is killed. */
class DescendantsTest {
  private final List<String> killed = new ArrayList<>();
  private final ProcessHandle first = process("first", List.of());
  private final ProcessHandle second = process("second", List.of());
  private final Descendants descendants = new Descendants();
  private int looks;

  /** A process that ends when it is killed; each look finds the next of these lists. */
  private ProcessHandle process(String name, List<List<ProcessHandle>> found) {
    return (ProcessHandle)
        Proxy.newProxyInstance(
            ProcessHandle.class.getClassLoader(),
            new Class<?>[] {ProcessHandle.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "descendants" -> look(found);
                  case "destroyForcibly" -> killed.add(name);
                  case "isAlive" -> !killed.contains(name);
                  case "equals" -> name.equals(arguments[0].toString());
                  case "hashCode" -> name.hashCode();
                  case "toString" -> name;
                  default -> throw new AssertionError(method);
                });
  }

  private Stream<ProcessHandle> look(List<List<ProcessHandle>> found) {
    List<ProcessHandle> now = found.get(Math.min(looks, found.size() - 1));
    looks++;
    return now.stream();
  }

  private ProcessHandle child(List<List<ProcessHandle>> found) {
    return process("child", found);
  }

  private void find(ProcessHandle child, int endsInLook, Deadline deadline) throws IOException {
    descendants.find(child, () -> looks >= endsInLook, deadline);
  }

  /** What was killed besides the child, which was ended before. */
  private List<String> killed(ProcessHandle child) {
    boolean _ = child.destroyForcibly();
    assertThat(descendants.kill(child, false, later())).isEmpty();
    return killed.subList(1, killed.size());
  }

  private static Deadline later() {
    return Deadline.after(Duration.ofSeconds(20));
  }

  @Test
  void looksUntilThereAreNoMore() throws Exception {
    ProcessHandle child = child(List.of(List.of(first), List.of(first, second)));
    find(child, Integer.MAX_VALUE, later());
    assertThat(looks).isEqualTo(3);
    assertThat(killed(child)).containsExactly("first", "second");
  }

  @Test
  void looksOnceAfterTheDeadline() throws Exception {
    ProcessHandle child = child(List.of(List.of(first), List.of(first, second)));
    find(child, Integer.MAX_VALUE, Deadline.now());
    assertThat(looks).isOne();
    assertThat(killed(child)).containsExactly("first");
  }

  /** Without the child the JDK takes each process with its id for the parent, however old. */
  @Test
  void lookInWhichTheChildEndedDoesNotCount() throws Exception {
    ProcessHandle child = child(List.of(List.of(first)));
    find(child, 1, later());
    assertThat(looks).isOne();
    assertThat(killed(child)).isEmpty();
  }

  @Test
  void earlierLooksCountWhenTheChildEnds() throws Exception {
    ProcessHandle child = child(List.of(List.of(first), List.of(first, second)));
    find(child, 2, later());
    assertThat(looks).isEqualTo(2);
    assertThat(killed(child)).containsExactly("first");
  }

  @Test
  void childThatCouldNotBeEndedIsReported() throws Exception {
    ProcessHandle child = child(List.of(List.of(first)));
    find(child, Integer.MAX_VALUE, later());
    assertThat(descendants.kill(child, true, Deadline.never())).containsExactly(child);
    assertThat(killed).containsExactly("first");
  }
}

package io.github.jpopen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.jpopen.scripted.ScriptedChild;
import io.github.jpopen.scripted.ScriptedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Signals to the group that a child leads. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no groups of this kind")
class GroupSignalTest extends ScriptedTest {
  @Test
  void leaderOfAGroupPassesThemOn() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES.posix(o -> o.processGroup(0)));
    assertThat(p.sendSignalToGroup(Signal.SIGINT)).isTrue();
    assertThat(child.groupSignals()).containsExactly(Signal.SIGINT.number());
    assertThat(child.signals()).isEmpty();
    child.endsOutputs().exits(0);
    p.communicate();
    assertThat(p.sendSignalToGroup(Signal.SIGINT)).isFalse();
    assertThat(p.ending()).hasToString("CALLER: SIGINT");
  }

  @Test
  void leaderOfASessionLeadsAGroup() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES.posix(PosixOptions::newSession));
    assertThat(p.sendSignalToGroup(Signal.SIGTERM)).isTrue();
    assertThat(child.groupSignals()).hasSize(1);
  }

  @Test
  void otherChildrenHaveNoGroup() throws Exception {
    ScriptedChild child = child();
    Popen<byte[]> p = start(PIPES);
    assertThatIllegalStateException()
        .isThrownBy(() -> p.sendSignalToGroup(Signal.SIGTERM))
        .withMessageContaining("processGroup(0)");
    assertThat(child.groupSignals()).isEmpty();
  }
}

package io.github.jpopen.contract;

import static io.github.jpopen.Redirect.PIPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.jpopen.Command;
import io.github.jpopen.PosixOptions;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, process groups and pipe sizes. Invalid options are refused, never ignored. */
@PosixOnly("sessions, process groups and pipe sizes are options of POSIX")
public abstract class PosixOptionsContract extends ContractTest {

  /**
   * One field of the child's {@code /proc} entry after its state and parent: 2 is the group, 3 the
   * session.
   */
  private static long field(long pid, int index) {
    return Long.parseLong(Resources.stat(pid)[index]);
  }

  private static long group(long pid) {
    return field(pid, 2);
  }

  private static long session(long pid) {
    return field(pid, 3);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("Posix.test_start_new_session")
  void childStartsANewSession() throws Exception {
    var p = start(Command.of("sleep", "60").posix(PosixOptions::newSession));
    assertThat(session(p.pid())).isEqualTo(p.pid());
    assertThat(group(p.pid())).isEqualTo(p.pid());
    var plain = start(Command.of("sleep", "60"));
    assertThat(session(plain.pid())).isEqualTo(session(ProcessHandle.current().pid()));
    assertThat(group(plain.pid())).isEqualTo(group(ProcessHandle.current().pid()));
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("Posix.test_process_group_0")
  void childStartsOrJoinsAProcessGroup() throws Exception {
    var leader = start(Command.of("sleep", "60").posix(o -> o.processGroup(0)));
    assertThat(group(leader.pid())).isEqualTo(leader.pid());
    assertThat(session(leader.pid())).isEqualTo(session(ProcessHandle.current().pid()));
    int pgid = Math.toIntExact(leader.pid());
    var member = start(Command.of("sleep", "60").posix(o -> o.processGroup(pgid)));
    assertThat(group(member.pid())).isEqualTo(leader.pid());
  }

  @Test
  void missingProcessGroupIsAFailure() {
    Command<byte[]> command = Command.of("true").posix(o -> o.processGroup(Integer.MAX_VALUE));
    SpawnException e = catchThrowableOfType(SpawnException.class, command::start);
    assertThat(e.errorName()).isIn("EPERM", "ESRCH");
  }

  /** How many blocks of 4096 bytes fit into the child's stdout if it is not read. */
  private String capacity(UnaryOperator<PosixOptions> options) throws Exception {
    Path report = file("report");
    Command<byte[]> command =
        Command.of("dd", "if=/dev/zero", "bs=4096", "count=1000", "oflag=nonblock")
            .env("LC_ALL", "C")
            .stdout(PIPE)
            .stderr(Redirect.to(report))
            .posix(options);
    var p = start(command);
    assertThat(p.waitFor()).as("dd stops with EAGAIN").isEqualTo(1);
    p.communicate();
    return Files.readString(report)
        .lines()
        .filter(l -> l.contains("records out"))
        .findFirst()
        .orElse("");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux sets the size of a pipe")
  @Covers({"test_pipesizes", "test_pipesize_default"})
  void pipesHaveTheGivenSize() throws Exception {
    boolean likeMac = "macos".equals(System.getProperty("io.github.jpopen.posix.calls"));
    assumeFalse(likeMac, "macOS has no F_SETPIPE_SZ: pipes have the size they have");
    assertThat(capacity(o -> o)).isEqualTo("16+0 records out");
    assertThat(capacity(o -> o.pipeSize(16_384))).isEqualTo("4+0 records out");
    assertThat(capacity(o -> o.pipeSize(262_144))).isEqualTo("64+0 records out");
    assertThat(capacity(o -> o.pipeSize(5_000))).as("rounded up").isEqualTo("2+0 records out");
  }

  @Test
  void smallPipeCarriesEverything() throws Exception {
    byte[] bytes = Pattern.bytes(1 << 20, 2);
    var p = start(child(catBoth()).stdin(PIPE).captureOutput().posix(o -> o.pipeSize(4_096)));
    var output = p.communicate(bytes);
    assertThat(Pattern.sha256(output.stdout())).isEqualTo(Pattern.sha256(bytes));
    assertThat(Pattern.sha256(output.stderr())).isEqualTo(Pattern.sha256(bytes));
  }

  static Stream<Named<UnaryOperator<PosixOptions>>> wrong() {
    return Stream.of(
        Named.of("umask -1", o -> o.umask(-1)),
        Named.of("umask 01000", o -> o.umask(01000)),
        Named.of("passFds -1", o -> o.passFds(0, -1)),
        Named.of("user -1", o -> o.user(-1)),
        Named.of("user without a name", o -> o.user("")),
        Named.of("group -1", o -> o.group(-1)),
        Named.of("user with NUL", o -> o.user("a\0")),
        Named.of("group without a name", o -> o.group("")),
        Named.of("group with NUL", o -> o.group("a\0")),
        Named.of("extraGroups -1", o -> o.extraGroups(0, -1)),
        Named.of("extraGroups without a name", o -> o.extraGroups(List.of(""))),
        Named.of("cgroup without a name", o -> o.newCgroupBelow(Path.of(""))),
        Named.of("processGroup -1", o -> o.processGroup(-1)),
        Named.of("pipeSize 0", o -> o.pipeSize(0)),
        Named.of("pipeSize -1", o -> o.pipeSize(-1)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  @Covers({"rule 46", "Posix.test_extra_groups_invalid_gid_t_values"})
  void invalidArgumentIsRefusedAtOnce(UnaryOperator<PosixOptions> option) {
    Command<byte[]> command = Command.of("true");
    assertThatIllegalArgumentException().isThrownBy(() -> command.posix(option));
  }

  @Test
  @Covers({"Posix.test_invalid_args", "rule 46"})
  void windowsOptionIsRefusedAtStart() {
    Command<byte[]> flags = Command.of("true").windows(o -> o.creationFlags(0x10));
    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(flags::start);
    Command<byte[]> show = Command.of("true").windows(o -> o.showWindow(1));
    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(show::run);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void optionsAddUp(boolean oneCall) throws Exception {
    Command<byte[]> command = Command.of("sleep", "60");
    Command<byte[]> both =
        oneCall
            ? command.posix(o -> o.pipeSize(4_096).processGroup(0))
            : command.posix(o -> o.pipeSize(4_096)).posix(o -> o.processGroup(0));
    var p = start(both.stdout(PIPE));
    if (Resources.COUNTABLE) {
      assertThat(group(p.pid())).isEqualTo(p.pid());
    }
  }
}

package io.github.jpopen.contract;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.jpopen.Command;
import io.github.jpopen.PosixOptions;
import io.github.jpopen.Redirect;
import io.github.jpopen.SpawnException;
import io.github.jpopen.SpawnException.Culprit;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors beyond the standard streams, the umask, the user and the groups of a child. */
@PosixOnly("passed descriptors, umask, user and groups are options of POSIX")
public abstract class InheritedContract extends ContractTest {
  private static final boolean LIKE_MAC =
      OS.MAC.isCurrentOs() || "macos".equals(System.getProperty("io.github.jpopen.posix.calls"));
  private static final boolean SNAPSHOT =
      "snapshot".equals(System.getProperty("io.github.jpopen.posix.spawnTier"));
  private static final int NOBODY = 65534;

  @BeforeAll
  static void openWhatTheJvmKeeps() throws Exception {
    ChannelKind.openWhatTheJvmKeeps();
  }

  private static String output(Command<byte[]> command) throws Exception {
    return command.text().checkOutput().strip();
  }

  private static int gid(String name) throws IOException {
    return Files.readAllLines(Path.of("/etc/group")).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields[0].equals(name))
        .mapToInt(fields -> Integer.parseInt(fields[2]))
        .findFirst()
        .orElseThrow();
  }

  private static void needsThreadOfItsOwn() {
    assumeFalse(LIKE_MAC, "on macOS all threads have the same user, groups and umask");
    assumeFalse(SNAPSHOT, "without a thread of its own the child gets what we have");
  }

  private static void needsRoot() throws Exception {
    needsThreadOfItsOwn();
    assumeTrue(output(Command.of("id", "-u")).equals("0"), "only root may become somebody else");
  }

  private static Stream<Integer> descriptors(UnaryOperator<PosixOptions> options) throws Exception {
    return output(Command.shell("ls /proc/$$/fd; true").posix(options))
        .lines()
        .map(Integer::valueOf);
  }

  @Test
  @Covers({"Posix.test_pass_fds", "Posix.test_pass_fds_inheritable"})
  void descriptorIsPassedUnderItsNumber() throws Exception {
    assumeFalse(SNAPSHOT, "a list of what to close has no way to keep one");
    Path file = file("passed", "content");
    Path other = file("other", "");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r");
        RandomAccessFile kept = new RandomAccessFile(other.toFile(), "r")) {
      int fd = Resources.descriptorOf(file);
      int closed = Resources.descriptorOf(other);
      assertThat(output(Command.of("cat", "/dev/fd/" + fd).posix(o -> o.passFds(fd))))
          .isEqualTo("content");
      if (OS.LINUX.isCurrentOs()) {
        assertThat(descriptors(o -> o.passFds(fd))).containsOnly(0, 1, 2, fd);
        assertThat(descriptors(o -> o.passFds(fd, closed, fd))).containsOnly(0, 1, 2, fd, closed);
        assertThat(descriptors(o -> o)).as("our own flags are as before").containsOnly(0, 1, 2);
      }
      assertThat(open.read()).isEqualTo('c');
      assertThat(kept.read()).isEqualTo(-1);
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  @Covers("Posix.test_pass_fds_redirected")
  void descriptorMayBePassedAndRedirected() throws Exception {
    assumeFalse(SNAPSHOT, "a list of what to close has no way to keep one");
    Path file = file("inout", "");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      int fd = Resources.descriptorOf(file);
      Redirect same = Redirect.fd(fd);
      assertThat(
              Command.shell("ls /proc/$$/fd; true")
                  .stdin(same)
                  .stdout(same)
                  .stderr(same)
                  .posix(o -> o.passFds(fd))
                  .call())
          .isZero();
      assertThat(Files.readAllLines(file))
          .containsExactlyInAnyOrder("0", "1", "2", Integer.toString(fd));
      assertThat(open.getFilePointer()).isPositive();
    }
  }

  /** Java shows no number; Linux does. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void socketIsHandedOverByItsNumber() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      InetAddress local = InetAddress.getLoopbackAddress();
      try (SocketChannel client =
          SocketChannel.open(server.bind(new InetSocketAddress(local, 0)).getLocalAddress())) {
        List<Integer> before = sockets();
        try (SocketChannel accepted = server.accept()) {
          List<Integer> number = new ArrayList<>(sockets());
          number.removeAll(before);
          Redirect socket = Redirect.fd(number.getFirst());
          int _ = client.write(ByteBuffer.wrap(utf8("to and fro")));
          client.shutdownOutput();
          assertThat(child(cat()).stdin(socket).stdout(socket).call()).isZero();
          assertThat(accepted.isOpen()).isTrue();
          assertThat(client.socket().getInputStream().readNBytes(10)).isEqualTo(utf8("to and fro"));
          SpawnException e =
              catchThrowableOfType(
                  SpawnException.class,
                  () ->
                      child()
                          .stdin(Redirect.from(Path.of("/proc/self/fd/" + number.getFirst())))
                          .start());
          assertThat(e.errorName()).as("a socket is not opened again").isEqualTo("ENXIO");
        }
      }
    }
  }

  private static List<Integer> sockets() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    for (String number : Objects.requireNonNull(new File("/proc/self/fd").list())) {
      Path link = Path.of("/proc/self/fd", number);
      if (Files.isSymbolicLink(link)
          && Files.readSymbolicLink(link).toString().startsWith("socket:")) {
        numbers.add(Integer.valueOf(number));
      }
    }
    return numbers;
  }

  @Test
  @Covers("Posix.test_pass_fds")
  void passingStandardStreamsKeepsTheirRedirects() throws Exception {
    Path file = file("out");
    Command<byte[]> command =
        Command.of("echo", "x").stdout(Redirect.to(file)).posix(o -> o.passFds(0, 1, 2));
    assertThat(command.call()).isZero();
    assertThat(file).hasContent("x\n");
  }

  @Test
  void closedDescriptorIsNamed() {
    Command<byte[]> command = Command.of("true").posix(o -> o.passFds(987_654));
    SpawnException e = catchThrowableOfType(SpawnException.class, command::start);
    assertThat(e.errorName()).isEqualTo("EBADF");
    assertThat(e).hasMessageContaining("987654");
  }

  @Test
  @Covers("Posix.test_umask")
  void childHasItsUmaskAndWeKeepOurs() throws Exception {
    needsThreadOfItsOwn();
    Command<byte[]> umask = Command.shell("umask");
    String ours = output(umask);
    assertThat(output(umask.posix(o -> o.umask(0123)))).isEqualTo("0123");
    assertThat(output(umask.posix(o -> o.umask(0)))).isEqualTo("0000");
    assertThat(output(umask.posix(o -> o.umask(0777)).cwd(temp()))).isEqualTo("0777");
    assertThat(output(umask)).isEqualTo(ours);
  }

  @Test
  @Covers({"Posix.test_user", "Posix.test_group"})
  void childRunsAsAnotherUserAndGroup() throws Exception {
    needsRoot();
    Command<byte[]> id = Command.shell("id -u; id -ru; id -g; id -rg");
    assertThat(output(id.posix(o -> o.user(NOBODY)))).isEqualTo("65534\n65534\n0\n0");
    assertThat(output(id.posix(o -> o.group(7)))).isEqualTo("0\n0\n7\n7");
    assertThat(output(id.posix(o -> o.user("nobody").group("daemon"))))
        .isEqualTo("65534\n65534\n" + gid("daemon") + "\n" + gid("daemon"));
    assertThat(output(id.posix(o -> o.user("root").group("root")))).isEqualTo("0\n0\n0\n0");
    assertThat(output(id)).isEqualTo("0\n0\n0\n0");
    assertThat(
            output(Command.of("grep", "Cap[PEA]", "/proc/self/status").posix(o -> o.user(NOBODY))))
        .as("capabilities")
        .matches("(?s)(Cap\\w+:\\s+0+\\s*)+");
    assertThat(
            output(
                Command.of("grep", "-E", "^(U|G)id", "/proc/self/status")
                    .posix(o -> o.user(5).group(6))))
        .as("real, effective, saved, file system")
        .isEqualTo("Uid:\t5\t5\t5\t5\nGid:\t6\t6\t6\t6");
  }

  @Test
  @Covers({"Posix.test_extra_groups", "Posix.test_extra_groups_empty_list"})
  void childHasExactlyTheGivenGroups() throws Exception {
    needsRoot();
    Command<byte[]> groups = Command.of("grep", "^Groups", "/proc/self/status");
    assertThat(output(groups.posix(o -> o.extraGroups(9, 8)))).isEqualTo("Groups:\t8 9");
    assertThat(output(groups.posix(o -> o.extraGroups(List.of("daemon", "bin")))))
        .isEqualTo(
            Stream.of(gid("daemon"), gid("bin"))
                .sorted()
                .map(String::valueOf)
                .collect(joining(" ", "Groups:\t", "")));
    assertThat(output(groups.posix(PosixOptions::extraGroups))).isEqualTo("Groups:");
    assertThat(output(groups.posix(o -> o.user(NOBODY).group(NOBODY).extraGroups(4))))
        .isEqualTo("Groups:\t4");
  }

  @Test
  void allOptionsWorkTogether() throws Exception {
    needsRoot();
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "only bash takes a descriptor of two digits");
    Path directory = Files.createDirectory(file("private"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Path file = file("passed", "content");
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      int fd = Resources.descriptorOf(file);
      var p =
          start(
              Command.shell("cat; umask; id -u; id -g; id -G; cat <&" + fd)
                  .executable(bash)
                  .cwd(directory)
                  .captureOutput()
                  .stdin(Redirect.PIPE)
                  .text()
                  .posix(
                      o ->
                          o.passFds(fd)
                              .umask(027)
                              .user("nobody")
                              .group(3)
                              .extraGroups(5)
                              .newSession()
                              .pipeSize(8192)));
      var output = p.communicate("input\n");
      assertThat(output.stdout()).isEqualTo("input\n0027\n65534\n3\n3 5\ncontent");
      assertThat(output.stderr()).isEmpty();
      assertThat(open.getFilePointer()).as("one position for both").isEqualTo(7);
    }
  }

  @Test
  void childOfAnotherUserCanBeKilled() throws Exception {
    needsRoot();
    var p = start(Command.of("cat").stdin(Redirect.PIPE).posix(o -> o.user(NOBODY)));
    assertThat(p.poll()).isEmpty();
    p.kill();
    assertThat(p.waitFor()).isEqualTo(-9);
  }

  @Test
  void programTheOtherUserMayNotRunIsRefused() throws Exception {
    needsRoot();
    Path program = file("program", "#!/bin/sh\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    assertThat(Command.of(program).call()).isZero();
    Command<byte[]> command = Command.of(program).posix(o -> o.user(NOBODY));
    SpawnException e = catchThrowableOfType(SpawnException.class, command::start);
    assertThat(e.culprit()).isEqualTo(Culprit.PROGRAM);
    assertThat(e.errorName()).isEqualTo("EACCES");
  }

  static Stream<Named<UnaryOperator<PosixOptions>>> unknown() {
    return Stream.of(
        Named.of("user", o -> o.user("nosuchuser")),
        Named.of("group", o -> o.group("nosuchgroup")),
        Named.of("extraGroups", o -> o.extraGroups(List.of("daemon", "nosuchgroup"))));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  @Covers({"Posix.test_user", "Posix.test_group", "Posix.test_extra_groups"})
  void unknownNameIsNamed(UnaryOperator<PosixOptions> option) {
    needsThreadOfItsOwn();
    Command<byte[]> command = Command.of("true").posix(option);
    SpawnException e = catchThrowableOfType(SpawnException.class, command::start);
    assertThat(e).hasMessageContaining("nosuch").hasMessageContaining("is not known");
  }

  @Test
  void identityIsRefusedIfThreadsCannotDiffer() {
    assumeTrue(LIKE_MAC || SNAPSHOT, "here they can");
    for (UnaryOperator<PosixOptions> option :
        List.<UnaryOperator<PosixOptions>>of(
            o -> o.umask(0), o -> o.user(0), o -> o.group("daemon"), o -> o.extraGroups())) {
      Command<byte[]> command = Command.of("true").posix(option);
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(command::start);
      assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(command::run);
    }
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
  void ourThreadsKeepTheirIdentity() throws Exception {
    needsRoot();
    List<String> before = credentials();
    for (int i = 0; i < 20; i++) {
      assertThat(Command.of("true").posix(o -> o.user(NOBODY).group(NOBODY).umask(0)).call())
          .isZero();
    }
    // The kernel's part of a thread ends a moment after Java's.
    Eventually.await("the threads are as before", () -> credentials().equals(before));
    assertThat(Files.getOwner(Path.of("/proc/self/maps")).getName()).isEqualTo("root");
  }

  /** The users, groups and umasks of all our threads, each once. */
  private static List<String> credentials() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads
          .flatMap(thread -> Resources.lines(thread.resolve("status")))
          .filter(line -> line.matches("(Uid|Gid|Groups|Umask|CapEff):.*"))
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

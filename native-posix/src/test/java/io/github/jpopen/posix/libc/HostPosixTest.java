package io.github.jpopen.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;

class HostPosixTest {
  @Test
  void eachSystemHasItsCalls() {
    assertThat(HostPosix.isSupported()).isEqualTo(OS.LINUX.isCurrentOs() || OS.MAC.isCurrentOs());
    if (OS.LINUX.isCurrentOs()) {
      assertThat(HostPosix.link(false)).isInstanceOf(LinuxPosix.class);
      assertThat(HostPosix.link(true)).isInstanceOf(MacShapedPosix.class);
    } else if (OS.MAC.isCurrentOs()) {
      assertThat(HostPosix.link(false)).isInstanceOf(MacPosix.class);
      assertThat(HostPosix.link(true)).isInstanceOf(MacPosix.class);
    }
  }
}

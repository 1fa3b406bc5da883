package io.github.jpopen.posix.tree;

import java.io.IOException;

/** A child cannot get a cgroup of its own. The message says what is wrong with the parent. */
public final class CgroupRefused extends IOException {
  private static final long serialVersionUID = 1L;

  /** See {@link #call()}. */
  private final String call;

  /** See {@link #error()}. */
  private final int error;

  CgroupRefused(String message, String call, int error) {
    super(message);
    this.call = call;
    this.error = error;
  }

  /** The system call that failed, by its name in C. */
  public String call() {
    return call;
  }

  /** Its errno. */
  public int error() {
    return error;
  }
}

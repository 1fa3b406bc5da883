package io.github.jpopen.windows;

import io.github.jpopen.windows.win32.NativeWin32;

/** A child that prints the flags of a handle. */
final class HandleProgram {
  private HandleProgram() {}

  /** The argument is the handle, or 0 for stdout; prints its flags, or the negated error. */
  public static void main(String[] args) {
    NativeWin32 win32 = new NativeWin32();
    long handle = Long.parseLong(args[0]);
    System.out.print(win32.handleFlags(handle == 0 ? win32.standardHandle(1) : handle));
    System.out.flush();
  }
}

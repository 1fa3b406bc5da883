package io.github.jpopen.windows.win32;

import java.util.Map;

/** The errors that this module handles or names, as in the C headers. */
public final class Win32Errors {
  /** The system cannot find the file. */
  public static final int FILE_NOT_FOUND = 2;

  /** The system cannot find the path. */
  public static final int PATH_NOT_FOUND = 3;

  /** Access is denied. */
  public static final int ACCESS_DENIED = 5;

  /** The handle is invalid. */
  public static final int INVALID_HANDLE = 6;

  /** Not enough memory. */
  public static final int NOT_ENOUGH_MEMORY = 8;

  /** Unspecified; we use it for a call that failed without setting an error. */
  public static final int GEN_FAILURE = 31;

  /** The system cannot do it. */
  public static final int NOT_SUPPORTED = 50;

  /** An argument is wrong. */
  public static final int INVALID_PARAMETER = 87;

  /** The other end of the pipe is closed. */
  public static final int BROKEN_PIPE = 109;

  /** The name is invalid. */
  public static final int INVALID_NAME = 123;

  /** The file is no program. */
  public static final int BAD_EXE_FORMAT = 193;

  /** The name is too long. */
  public static final int FILENAME_EXCED_RANGE = 206;

  /** The program is for another CPU. */
  public static final int EXE_MACHINE_TYPE_MISMATCH = 216;

  /** All instances of the pipe are in use. */
  public static final int PIPE_BUSY = 231;

  /** The pipe is being closed. */
  public static final int NO_DATA = 232;

  /** The other end of the pipe is not open. */
  public static final int PIPE_NOT_CONNECTED = 233;

  /** The message is longer than the buffer. */
  public static final int MORE_DATA = 234;

  /** The directory's name is invalid. */
  public static final int DIRECTORY = 267;

  /** The program has to be run as administrator. */
  public static final int ELEVATION_REQUIRED = 740;

  /** The operation was cancelled. */
  public static final int OPERATION_ABORTED = 995;

  /** The operation is still in flight. */
  public static final int IO_INCOMPLETE = 996;

  /** The operation is in flight. */
  public static final int IO_PENDING = 997;

  /** There is nothing to cancel. */
  public static final int NOT_FOUND = 1168;

  /** Not enough resources. */
  public static final int NO_SYSTEM_RESOURCES = 1450;

  /** No memory. */
  public static final int OUTOFMEMORY = 14;

  /** The quota of memory that may be locked is used up. */
  public static final int WORKING_SET_QUOTA = 1453;

  /** The quota of the paging file is used up. */
  public static final int PAGEFILE_QUOTA = 1454;

  /** Too many reads and writes are in flight, or the memory of one is invalid. */
  public static final int INVALID_USER_BUFFER = 1784;

  /** A quota is used up. */
  public static final int NOT_ENOUGH_QUOTA = 1816;

  /** The paging file is too small. */
  public static final int COMMITMENT_LIMIT = 1455;

  /** Too many open files. */
  public static final int TOO_MANY_OPEN_FILES = 4;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(FILE_NOT_FOUND, "ERROR_FILE_NOT_FOUND"),
          Map.entry(PATH_NOT_FOUND, "ERROR_PATH_NOT_FOUND"),
          Map.entry(TOO_MANY_OPEN_FILES, "ERROR_TOO_MANY_OPEN_FILES"),
          Map.entry(ACCESS_DENIED, "ERROR_ACCESS_DENIED"),
          Map.entry(INVALID_HANDLE, "ERROR_INVALID_HANDLE"),
          Map.entry(NOT_ENOUGH_MEMORY, "ERROR_NOT_ENOUGH_MEMORY"),
          Map.entry(12, "ERROR_INVALID_ACCESS"),
          Map.entry(GEN_FAILURE, "ERROR_GEN_FAILURE"),
          Map.entry(32, "ERROR_SHARING_VIOLATION"),
          Map.entry(NOT_SUPPORTED, "ERROR_NOT_SUPPORTED"),
          Map.entry(INVALID_PARAMETER, "ERROR_INVALID_PARAMETER"),
          Map.entry(BROKEN_PIPE, "ERROR_BROKEN_PIPE"),
          Map.entry(INVALID_NAME, "ERROR_INVALID_NAME"),
          Map.entry(161, "ERROR_BAD_PATHNAME"),
          Map.entry(BAD_EXE_FORMAT, "ERROR_BAD_EXE_FORMAT"),
          Map.entry(FILENAME_EXCED_RANGE, "ERROR_FILENAME_EXCED_RANGE"),
          Map.entry(EXE_MACHINE_TYPE_MISMATCH, "ERROR_EXE_MACHINE_TYPE_MISMATCH"),
          Map.entry(PIPE_BUSY, "ERROR_PIPE_BUSY"),
          Map.entry(NO_DATA, "ERROR_NO_DATA"),
          Map.entry(PIPE_NOT_CONNECTED, "ERROR_PIPE_NOT_CONNECTED"),
          Map.entry(MORE_DATA, "ERROR_MORE_DATA"),
          Map.entry(DIRECTORY, "ERROR_DIRECTORY"),
          Map.entry(ELEVATION_REQUIRED, "ERROR_ELEVATION_REQUIRED"),
          Map.entry(OPERATION_ABORTED, "ERROR_OPERATION_ABORTED"),
          Map.entry(IO_INCOMPLETE, "ERROR_IO_INCOMPLETE"),
          Map.entry(IO_PENDING, "ERROR_IO_PENDING"),
          Map.entry(1114, "ERROR_DLL_INIT_FAILED"),
          Map.entry(NOT_FOUND, "ERROR_NOT_FOUND"),
          Map.entry(NO_SYSTEM_RESOURCES, "ERROR_NO_SYSTEM_RESOURCES"),
          Map.entry(OUTOFMEMORY, "ERROR_OUTOFMEMORY"),
          Map.entry(WORKING_SET_QUOTA, "ERROR_WORKING_SET_QUOTA"),
          Map.entry(PAGEFILE_QUOTA, "ERROR_PAGEFILE_QUOTA"),
          Map.entry(INVALID_USER_BUFFER, "ERROR_INVALID_USER_BUFFER"),
          Map.entry(NOT_ENOUGH_QUOTA, "ERROR_NOT_ENOUGH_QUOTA"),
          Map.entry(COMMITMENT_LIMIT, "ERROR_COMMITMENT_LIMIT"));

  private Win32Errors() {}

  /** Whether memory, handles or a quota are used up, which may pass. */
  public static boolean isShortage(int error) {
    return error == TOO_MANY_OPEN_FILES
        || error == NOT_ENOUGH_MEMORY
        || error == OUTOFMEMORY
        || error == NO_SYSTEM_RESOURCES
        || error == WORKING_SET_QUOTA
        || error == PAGEFILE_QUOTA
        || error == COMMITMENT_LIMIT
        || error == NOT_ENOUGH_QUOTA;
  }

  /**
   * The same for a read or a write. ReadFile and WriteFile also answer {@link #INVALID_USER_BUFFER}
   * if too many operations are in flight.
   */
  public static boolean isShortageOfTransfers(int error) {
    return isShortage(error) || error == INVALID_USER_BUFFER;
  }

  /** The name of an error; "error" and its number if it has no name here. */
  public static String name(int error) {
    return NAMES.getOrDefault(error, "error " + error);
  }
}

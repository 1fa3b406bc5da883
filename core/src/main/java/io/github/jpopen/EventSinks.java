package io.github.jpopen;

import jdk.jfr.FlightRecorder;

/**
 * Whether the events of all children go somewhere: to the Flight Recorder, or to the log. Every
 * start asks this, so it is cheap.
 */
final class EventSinks {
  /** Whether the log is asked. Looking up a logger loads some 200 classes, so it is an option. */
  static final boolean LOG = Boolean.getBoolean("io.github.jpopen.log");

  private static final boolean HAS_RECORDER = hasRecorder();

  private EventSinks() {}

  static boolean areOn() {
    return LOG || isRecorded();
  }

  // Without the module, none of its classes may be touched. With it, this loads one.
  static boolean isRecorded() {
    return HAS_RECORDER && FlightRecorder.isInitialized();
  }

  // Our module reads it only if it was there when the modules were resolved.
  private static boolean hasRecorder() {
    Module recorder = ModuleLayer.boot().findModule("jdk.jfr").orElse(null);
    return recorder != null && EventSinks.class.getModule().canRead(recorder);
  }
}

package io.github.jpopen.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers of errors are those of the C headers, as the generated classes have them. */
class Win32ErrorsTest {
  @Test
  @EnabledOnOs(
      value = OS.WINDOWS,
      disabledReason =
          "the generated classes can be initialised on Windows only: C's long is an int")
  void numbersAndNamesEqualTheHeaders() throws Exception {
    List<String> unknown = new ArrayList<>();
    for (Field field : Win32Errors.class.getFields()) {
      String name = "ERROR_" + field.getName();
      int number = field.getInt(null);
      assertThat(Win32Errors.name(number)).isEqualTo(name);
      Method generated;
      try {
        generated = io.github.jpopen.windows.ffi.Win32.class.getMethod(name);
      } catch (NoSuchMethodException e) {
        unknown.add(name);
        continue;
      }
      assertThat(generated.invoke(null)).as(name).isEqualTo(number);
    }
    assertThat(unknown).as("not in the bindings").isEmpty();
  }

  @Test
  void errorWithoutANameIsItsNumber() {
    assertThat(Win32Errors.name(4711)).isEqualTo("error 4711");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 14, 1450, 1453, 1454, 1455, 1816})
  void shortagesAreKnown(int error) {
    assertThat(Win32Errors.isShortage(error)).isTrue();
    assertThat(Win32Errors.isShortageOfTransfers(error)).isTrue();
  }

  @Test
  void onlyATransferCanBeOneTooMany() {
    assertThat(Win32Errors.isShortage(Win32Errors.INVALID_USER_BUFFER)).isFalse();
    assertThat(Win32Errors.isShortageOfTransfers(Win32Errors.INVALID_USER_BUFFER)).isTrue();
  }

  @Test
  void brokenPipeIsNoShortage() {
    assertThat(Win32Errors.isShortage(Win32Errors.BROKEN_PIPE)).isFalse();
    assertThat(Win32Errors.isShortageOfTransfers(Win32Errors.BROKEN_PIPE)).isFalse();
  }
}

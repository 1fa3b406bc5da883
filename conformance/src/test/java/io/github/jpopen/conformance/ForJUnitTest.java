package io.github.jpopen.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways to make a test of each rule; here of some only, as bench asks for all. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there every child is a JVM, which takes long")
class ForJUnitTest {
  private static final ProcessLibrary LIBRARY = new ProcessBuilderLibrary();

  // @start region="rules"
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "INPUT_.*") // or all, without arguments
  void keeps(Rule rule) throws InterruptedException {
    rule.require(LIBRARY);
  }

  // @end

  @TestFactory
  Stream<DynamicTest> keeps() {
    return Stream.of(Rule.ARGUMENTS, Rule.NO_INPUT)
        .map(rule -> dynamicTest(rule.sentence(), () -> rule.require(LIBRARY)));
  }
}

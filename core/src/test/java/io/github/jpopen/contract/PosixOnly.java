package io.github.jpopen.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips a test on Windows and reports the reason. Such a test may use tools like {@code cat}. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(PosixOnly.Condition.class)
public @interface PosixOnly {
  /**
   * Why Windows cannot pass the test.
   *
   * @return a sentence without its end, for example {@code Windows has no signals}
   */
  String value();

  /** Evaluates the annotation. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context
          .getElement()
          .flatMap(element -> AnnotationSupport.findAnnotation(element, PosixOnly.class))
          .filter(_ -> OS.WINDOWS.isCurrentOs())
          .map(posixOnly -> ConditionEvaluationResult.disabled(posixOnly.value()))
          .orElseGet(() -> ConditionEvaluationResult.enabled("on POSIX"));
    }
  }
}

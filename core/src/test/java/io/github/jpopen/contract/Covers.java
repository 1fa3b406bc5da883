package io.github.jpopen.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test shows: the name of a CPython test, {@code rule N} of {@code communicate}, or {@code
 * promise N}. Each is a row of {@code checks/parity.txt}; {@code docs/python-parity.md} is made of
 * both.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Covers {
  /**
   * The names.
   *
   * @return for example {@code test_communicate} or {@code rule 5}
   */
  String[] value();
}

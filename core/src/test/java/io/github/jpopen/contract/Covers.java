package io.github.jpopen.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a test shows: the name of a CPython test, {@code rule N} of the contract, or {@code promise
 * N} of the hazards page. {@code docs/python-parity.md} has a row for each; {@link ParityTableTest}
 * compares both.
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

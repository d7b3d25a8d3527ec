package io.pushwire.testkit;

import io.pushwire.core.Capability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/**
 * A test of the contract, by its number in the list of what every driver must pass. It runs for
 * drivers that claim what it needs.
 */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Case {
  /** Its number; several tests may share one. */
  int value();

  /** What the driver must claim. */
  Capability[] needs() default {};

  /** What must be possible with the broker; any at all means a broker outside of this JVM. */
  BrokerControls.Control[] with() default {};
}

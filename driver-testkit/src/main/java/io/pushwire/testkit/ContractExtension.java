package io.pushwire.testkit;

import io.pushwire.core.Capability;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Runs the cases that apply to a driver, and notes what became of each. */
final class ContractExtension implements ExecutionCondition, TestWatcher, AfterAllCallback {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<Case> wanted = context.getTestMethod().map(m -> m.getAnnotation(Case.class));
    if (wanted.isEmpty()) {
      return ConditionEvaluationResult.enabled("no case");
    }
    MessageDriverContract contract = contract(context);
    Case test = wanted.get();
    for (Capability needed : test.needs()) {
      if (!contract.provider().capabilities().contains(needed)) {
        return ConditionEvaluationResult.disabled("does not claim " + needed);
      }
    }
    for (BrokerControls.Control needed : test.with()) {
      if (contract.inProcess()) {
        return ConditionEvaluationResult.disabled("has no broker outside of the JVM");
      }
      if (contract.broker().filter(b -> b.supported().contains(needed)).isEmpty()) {
        return ConditionEvaluationResult.disabled("supplies no BrokerControls for " + needed);
      }
    }
    return ConditionEvaluationResult.enabled("applies");
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    note(context, "Passed");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    note(context, "FAILED");
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    note(context, "Aborted");
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    note(context, "Not run: " + reason.orElse("disabled"));
  }

  private static void note(ExtensionContext context, String result) {
    contract(context).guarantees().result(result, context.getDisplayName());
  }

  @Override
  public void afterAll(ExtensionContext context) {
    contract(context).guarantees().write();
  }

  private static MessageDriverContract contract(ExtensionContext context) {
    return (MessageDriverContract) context.getRequiredTestInstance();
  }
}

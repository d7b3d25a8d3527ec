package io.pushwire.testkit;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.MethodDescriptor;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;

/** Shows and runs the cases by number: {@code 13 keeps the order of one sender}. */
final class CaseNames extends DisplayNameGenerator.Standard implements MethodOrderer {
  @Override
  public String generateDisplayNameForMethod(
      List<Class<?>> enclosing, Class<?> testClass, Method method) {
    Case number = method.getAnnotation(Case.class);
    return number == null
        ? super.generateDisplayNameForMethod(enclosing, testClass, method)
        : number.value() + " " + words(method.getName());
  }

  @Override
  public void orderMethods(MethodOrdererContext context) {
    context
        .getMethodDescriptors()
        .sort(
            Comparator.<MethodDescriptor>comparingInt(
                    m -> m.findAnnotation(Case.class).map(Case::value).orElse(0))
                .thenComparing(m -> m.getMethod().getName()));
  }

  private static String words(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}

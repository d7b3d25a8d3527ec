package io.pushwire.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;

/** Who may know whom, in all modules that the server is made of. */
@AnalyzeClasses(
    packages = "io.pushwire",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestFolders.class})
class ArchitectureTest {
  /** What only tests use is on the test class path, but is no part of the product. */
  static final class NoTestFolders implements ImportOption {
    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("testkit") && !location.contains("test-support");
    }
  }

  @ArchTest
  static final ArchRule dependenciesGoOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.pushwire..")
          .layer("server")
          .definedBy("io.pushwire.server..")
          .layer("endpoint")
          .definedBy("io.pushwire.endpoint..")
          .layer("core")
          .definedBy("io.pushwire.core..")
          .layer("api")
          .definedBy("io.pushwire.api..")
          .optionalLayer("driver")
          .definedBy("io.pushwire.driver..")
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("endpoint")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("driver")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("core")
          .mayOnlyBeAccessedByLayers("server", "endpoint", "driver")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("server", "endpoint", "driver", "core");

  @ArchTest
  static final ArchRule apiNeedsNothing =
      noClasses()
          .that()
          .resideInAPackage("io.pushwire.api..")
          .should()
          .dependOnClassesThat(
              not(resideInAnyPackage("io.pushwire.api..", "java..", "org.jspecify..")));

  @ArchTest
  static final ArchRule coreKnowsNoBrokerAndNoContainer =
      noClasses()
          .that()
          .resideInAPackage("io.pushwire.core..")
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "io.pushwire.core..",
                      "io.pushwire.api..",
                      "java..",
                      "org.jspecify..",
                      "org.slf4j..",
                      "tools.jackson.core..")));

  @ArchTest
  static final ArchRule theEndpointKnowsNoContainer =
      noClasses()
          .that()
          .resideInAPackage("io.pushwire.endpoint..")
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "io.pushwire..",
                      "java..",
                      "jakarta.websocket..",
                      "io.github.bucket4j..",
                      "org.jspecify..",
                      "org.slf4j..")));

  @ArchTest
  static final ArchRule onlyTheTransportKnowsTyrus =
      noClasses()
          .that(not(resideInAPackage("io.pushwire.server.transport..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.glassfish..");

  @ArchTest
  static final ArchRule theServerKnowsNoDriver =
      noClasses()
          .that()
          .resideInAPackage("io.pushwire.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.pushwire.driver..", "io.pushwire.core.memory..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.pushwire.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule exceptionsSayWhatTheyAre = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses classes) {
    Set<String> unmarked =
        classes.stream()
            .map(JavaClass::getPackage)
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Assertions.assertThat(unmarked).isEmpty();
  }

  @ArchTest
  static void nothingIsMissing(JavaClasses classes) {
    Set<String> packages =
        classes.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    Assertions.assertThat(packages)
        .containsAll(
            List.of(
                "io.pushwire.api",
                "io.pushwire.core",
                "io.pushwire.core.memory",
                "io.pushwire.endpoint",
                "io.pushwire.server",
                "io.pushwire.server.auth",
                "io.pushwire.server.http",
                "io.pushwire.server.transport"));
  }
}

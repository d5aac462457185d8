package dev.berth.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. ARCHITECTURE.md says it in words. */
@AnalyzeClasses(
    packages = "dev.berth",
    importOptions = {ImportOption.DoNotIncludeTests.class, LayersTest.WithoutTestJars.class})
class LayersTest {
  /** What other modules' tests lend to this one is no part of Berth. */
  static final class WithoutTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String MODEL = "dev.berth.model..";
  private static final String STORE = "dev.berth.store..";
  private static final String LINK = "dev.berth.link..";
  private static final String LOGS = "dev.berth.logs..";
  private static final String CONTROL = "dev.berth.control..";
  private static final String API = "dev.berth.api..";
  private static final String AGENT = "dev.berth.agent..";
  private static final String CLI = "dev.berth.cli..";
  private static final String APP = "dev.berth.app..";

  @ArchTest
  static final ArchRule modelUsesTheJdkAlone =
      noClasses()
          .that()
          .resideInAPackage(MODEL)
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages(MODEL, "java..", "javax..", "org.jspecify..");

  @ArchTest
  static final ArchRule storeKnowsNothingOfOurs =
      noClasses()
          .that()
          .resideInAPackage(STORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MODEL, LINK, LOGS, CONTROL, API, AGENT, CLI, APP);

  @ArchTest
  static final ArchRule linkKnowsTheModelAlone =
      noClasses()
          .that()
          .resideInAPackage(LINK)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STORE, LOGS, CONTROL, API, AGENT, CLI, APP);

  @ArchTest
  static final ArchRule logsKnowTheModelAlone =
      noClasses()
          .that()
          .resideInAPackage(LOGS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STORE, LINK, CONTROL, API, AGENT, CLI, APP);

  @ArchTest
  static final ArchRule filterPatternsDoNoInputOrOutput =
      noClasses()
          .that()
          .resideInAPackage("dev.berth.logs.pattern..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio..", "java.net..", "java.util.concurrent..");

  @ArchTest
  static final ArchRule controlAndAgentNeverMeet =
      noClasses()
          .that()
          .resideInAPackage(CONTROL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LOGS, API, AGENT, CLI, APP);

  @ArchTest
  static final ArchRule agentKnowsModelAndLinkAlone =
      noClasses()
          .that()
          .resideInAPackage(AGENT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STORE, LOGS, CONTROL, API, CLI, APP);

  @ArchTest
  static final ArchRule theApiReachesNoStoreLinkOrAgent =
      noClasses()
          .that()
          .resideInAPackage(API)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(STORE, LINK, AGENT, CLI, APP);

  @ArchTest
  static final ArchRule onlyTheLedgerCommits =
      noClasses()
          .that()
          .resideInAPackage(CONTROL)
          .and()
          .resideOutsideOfPackage("dev.berth.control.state..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(STORE);

  @ArchTest
  static final ArchRule decidingHasNoThreadClockOrChance =
      noClasses()
          .that()
          .resideInAPackage("dev.berth.control.scheduler..")
          .or()
          .haveSimpleNameEndingWith("Reconciler")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random");

  @ArchTest
  static final ArchRule processesAreStartedInTheAgentAlone =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.berth.agent.runtime..",
              "dev.berth.agent.network..",
              "dev.berth.agent.snapshot..",
              "dev.berth.agent.linux..",
              "dev.berth.agent.balancer..",
              "dev.berth.bench..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ProcessBuilder.class);

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Util|Utils|Helper|Impl|Manager)")
          .orShould()
          .haveNameMatching(".*\\.Default[A-Z][^.]*")
          .orShould()
          .resideInAPackage("..common..");

  @ArchTest
  static final ArchRule noPackagesInACircle =
      slices().matching("dev.berth.(*).(*)..").should().beFreeOfCycles();
}

package dev.heddle;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.heddle.agent.PreMain;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.woven.Suspendable;
import org.junit.jupiter.api.Test;

/** Which package may use which: the arrows of the design, which all point one way. */
class LayeringTest {

    private static final String RUNTIME_JDK = "java..";
    private static final String NULLNESS = "org.jspecify.annotations..";

    private static final JavaClasses AGENT = classesOf(PreMain.class);
    private static final JavaClasses RUNTIME = classesOf(Coroutine.class);

    private static JavaClasses classesOf(Class<?> type) {
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("module-info"))
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
    }

    private static void check(ArchRule rule, JavaClasses classes) {
        rule.check(classes);
    }

    private static DescribedPredicate<JavaClass> in(String... packages) {
        return resideInAnyPackage(packages);
    }

    @Test
    void emissionSeesOnlyTheResultOfAnalysis() {
        DescribedPredicate<JavaClass> internals =
                in("dev.heddle.weaver.analysis").and(not(modifier(JavaModifier.PUBLIC)));
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver.emit")
                        .should()
                        .dependOnClassesThat(internals),
                AGENT);
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver.emit")
                        .should()
                        .dependOnClassesThat()
                        .haveSimpleNameEndingWith("Analyzer"),
                AGENT);
    }

    @Test
    void analysisDoesNotKnowWhatBecomesOfIt() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver.analysis")
                        .should()
                        .dependOnClassesThat(in("dev.heddle.weaver.emit..", "dev.heddle.agent..")),
                AGENT);
    }

    @Test
    void weaverDoesNotKnowTheAgent() {
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver..")
                        .should()
                        .dependOnClassesThat(in("dev.heddle.agent..")),
                AGENT);
    }

    @Test
    void weaverNeitherReadsNorWritesNorLoadsClasses() {
        DescribedPredicate<JavaClass> forbidden = in(
                        "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                .or(equivalentTo(ClassLoader.class))
                .or(in("java.lang.invoke..", "java.lang.reflect.."));
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver..")
                        .should()
                        .dependOnClassesThat(forbidden),
                AGENT);
        check(
                noClasses()
                        .that()
                        .resideInAPackage("dev.heddle.weaver..")
                        .should()
                        .callMethod(Class.class, "forName", String.class),
                AGENT);
    }

    /** They run before every class that is loaded, so the parser must not come with them. */
    @Test
    void frontOfTheAgentDoesNotParse() {
        check(
                noClasses()
                        .that()
                        .haveSimpleName("PreMain")
                        .or()
                        .haveSimpleName("WeavingTransformer")
                        .or()
                        .haveSimpleName("ClassFileFilter")
                        .should()
                        .dependOnClassesThat(in("org.objectweb.asm..")),
                AGENT);
    }

    @Test
    void agentKnowsTheRuntimeByNameOnly() {
        check(
                classes()
                        .should()
                        .onlyDependOnClassesThat(in(
                                "dev.heddle.agent..",
                                "dev.heddle.weaver..",
                                "org.objectweb.asm..",
                                RUNTIME_JDK,
                                NULLNESS)),
                AGENT);
    }

    @Test
    void callingConventionStandsOnItsOwn() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.woven")
                        .should()
                        .onlyDependOnClassesThat(
                                in("dev.heddle.woven", RUNTIME_JDK, NULLNESS).or(equivalentTo(Coroutine.class))),
                RUNTIME);
    }

    @Test
    void coroutinesOfTheLibraryKnowTheConventionOnly() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.coroutines")
                        .should()
                        .onlyDependOnClassesThat(in(
                                "dev.heddle.coroutines",
                                "dev.heddle.woven",
                                "dev.heddle.internal.loop",
                                RUNTIME_JDK,
                                NULLNESS)),
                RUNTIME);
    }

    /** The kernel knows no event loop, task or future. It knows {@link Suspendable} because a task is both a step and awaitable. */
    @Test
    void kernelOfTheLoopStandsOnItsOwn() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.internal.loop")
                        .should()
                        .onlyDependOnClassesThat(in("dev.heddle.internal.loop", RUNTIME_JDK, NULLNESS)
                                .or(equivalentTo(Suspendable.class))),
                RUNTIME);
    }

    /** A JVM may do without the module, and loads these classes only when they are needed. */
    @Test
    void twoClassesKnowTheManagementOfTheJvm() {
        check(
                noClasses()
                        .that()
                        .doNotHaveSimpleName("ManagedLoop")
                        .and()
                        .doNotHaveSimpleName("ManagedProbe")
                        .should()
                        .dependOnClassesThat(in("javax.management..", "java.lang.management..")),
                RUNTIME);
    }

    @Test
    void runtimeHasNoDependencies() {
        check(
                classes()
                        .that()
                        .resideOutsideOfPackage("dev.heddle.testing")
                        .should()
                        .onlyDependOnClassesThat(
                                in("dev.heddle..", RUNTIME_JDK, "javax.net..", "javax.management..", NULLNESS)),
                RUNTIME);
        check(noClasses().should().dependOnClassesThat(in("dev.heddle.agent..", "dev.heddle.weaver..")), RUNTIME);
    }

    /** Who does not use JUnit has no need of it. */
    @Test
    void testingNeedsJUnitInItsExtensionOnly() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.testing")
                        .and()
                        .doNotHaveSimpleName("TestLoopExtension")
                        .and()
                        .haveSimpleNameNotStartingWith("CoroutineTest")
                        .should()
                        .onlyDependOnClassesThat(in("dev.heddle..", RUNTIME_JDK, NULLNESS)),
                RUNTIME);
    }

    /** What is built on the loop uses what every program can use. */
    @Test
    void whatIsBuiltOnTheApiUsesTheApi() {
        check(
                noClasses()
                        .that(in("dev.heddle.sync..", "dev.heddle.workers..", "dev.heddle.testing.."))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage("dev.heddle.internal..").and(not(equivalentTo(StackRoom.class)))),
                RUNTIME);
    }
}

package dev.heddle;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Comparator.comparingInt;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.heddle.agent.PreMain;
import dev.heddle.internal.frames.StackFilter;
import dev.heddle.internal.loop.StackRoom;
import dev.heddle.woven.Suspendable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Which package may use which: the arrows of the design, which all point one way. */
class LayeringTest {

    private static final String RUNTIME_JDK = "java..";
    private static final String NULLNESS = "org.jspecify.annotations..";

    /** How many types may at most know each other in a circle. */
    private static final int LARGEST_CIRCLE = 16;

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

    /** It is for class files that are newer than ASM, and is not loaded for others. */
    @Test
    void oneClassKnowsTheBridge() {
        check(
                noClasses()
                        .that(not(simpleName("JdkParser")))
                        .should()
                        .dependOnClassesThat(in("codes.rafael.asmjdkbridge")),
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
                                "codes.rafael.asmjdkbridge",
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

    /** The runtime's half of the convention. The arrow goes one way: woven code works with any driver. */
    @Test
    void framesKnowTheConventionOnly() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.internal.frames")
                        .should()
                        .onlyDependOnClassesThat(
                                in("dev.heddle.internal.frames", "dev.heddle.woven", RUNTIME_JDK, NULLNESS)),
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
                                "dev.heddle.internal.frames",
                                "dev.heddle.internal.loop",
                                RUNTIME_JDK,
                                NULLNESS)),
                RUNTIME);
    }

    /** The functions that combine awaitables are reached through the classes that programs see. */
    @Test
    void combiningIsEnteredByTheApiAlone() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.heddle.internal.combine")
                        .and()
                        .doNotHaveFullyQualifiedName("dev.heddle.Asyncio")
                        .and()
                        .haveNameNotMatching("dev\\.heddle\\.Futures(\\$.*)?") // which opens the doors
                        .should()
                        .dependOnClassesThat(in("dev.heddle.internal.combine")),
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

    /** A loop is observed through {@code internal.loop}, and does not know who observes it. */
    @Test
    void monitorUsesTheApiAndTheKernel() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.monitor")
                        .should()
                        .onlyDependOnClassesThat(in(
                                        "dev.heddle",
                                        "dev.heddle.monitor",
                                        "dev.heddle.internal.loop",
                                        RUNTIME_JDK,
                                        "javax.management..",
                                        NULLNESS)
                                .or(equivalentTo(StackFilter.class))),
                RUNTIME);
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "dev.heddle",
                                "dev.heddle.woven",
                                "dev.heddle.coroutines",
                                "dev.heddle.internal..",
                                "dev.heddle.sync")
                        .should()
                        .dependOnClassesThat(in("dev.heddle.monitor")),
                RUNTIME);
    }

    /** A JVM may do without the module, and loads these classes only when they are needed. */
    @Test
    void twoClassesOfTheMonitorKnowTheManagementOfTheJvm() {
        check(
                noClasses()
                        .that(not(in("dev.heddle.monitor")
                                .and(simpleName("ManagedLoop").or(simpleName("ManagedProbe")))))
                        .should()
                        .dependOnClassesThat(in("javax.management..", "java.lang.management..")),
                RUNTIME);
    }

    @Test
    void runtimeHasNoDependencies() {
        check(
                classes()
                        .that()
                        .resideOutsideOfPackages("dev.heddle.testing", "dev.heddle.lint")
                        .should()
                        .onlyDependOnClassesThat(
                                in("dev.heddle..", RUNTIME_JDK, "javax.net..", "javax.management..", NULLNESS)),
                RUNTIME);
        check(noClasses().should().dependOnClassesThat(in("dev.heddle.agent..", "dev.heddle.weaver..")), RUNTIME);
    }

    /** javac loads the plugin alone, and exports the tree API to it. */
    @Test
    void pluginOfTheCompilerKnowsTheTreesOfTheJdkAlone() {
        check(
                classes()
                        .that()
                        .resideInAPackage("dev.heddle.lint")
                        .should()
                        .onlyDependOnClassesThat(in(
                                "dev.heddle.lint",
                                RUNTIME_JDK,
                                "javax.lang.model..",
                                "javax.tools..",
                                "com.sun.source..",
                                NULLNESS)),
                RUNTIME);
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage("dev.heddle.lint")
                        .should()
                        .dependOnClassesThat(in("dev.heddle.lint")),
                RUNTIME);
    }

    /** Programs that do not use JUnit do not need it. */
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

    /** Packages built on the loop use only the API that every program can use. */
    @Test
    void whatIsBuiltOnTheApiUsesTheApi() {
        check(
                noClasses()
                        .that(in("dev.heddle.sync..", "dev.heddle.workers..", "dev.heddle.testing.."))
                        .should()
                        .dependOnClassesThat(resideInAPackage("dev.heddle.internal..")
                                .and(not(equivalentTo(StackRoom.class)))
                                .and(not(equivalentTo(StackFilter.class)))),
                RUNTIME);
    }

    /**
     * Three circles are intended. A frame is a {@link Coroutine}, so {@code woven} knows that class. The functions that combine futures know
     * futures, and those that bridge to publishers know loops.
     */
    @Test
    void packagesOfTheRuntimeHaveNoCircle() {
        Map<String, Set<String>> arrows = arrows(JavaClass::getPackageName);
        arrows.getOrDefault("dev.heddle.woven", Set.of()).remove("dev.heddle");
        arrows.getOrDefault("dev.heddle.internal.combine", Set.of()).remove("dev.heddle");
        arrows.getOrDefault("dev.heddle.internal.flow", Set.of()).remove("dev.heddle");
        assertEquals(List.of(), circles(arrows));
    }

    /** The largest circle may become smaller. It has what asyncio's own has, loop, task, future, handle and context, and their helpers. */
    @Test
    void typesOfTheRuntimeHaveSmallCircles() {
        List<Set<String>> circles = circles(arrows(LayeringTest::topLevel));
        Set<String> largest = circles.stream().max(comparingInt(Set::size)).orElseThrow();
        assertTrue(largest.size() <= LARGEST_CIRCLE, () -> largest.size() + " types: " + largest);
    }

    /** The functions of asyncio are built on everything else. ({@code await} is gone from woven classes.) */
    @Test
    void theLibraryDoesNotCallItsOwnFunctions() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "dev.heddle",
                                "dev.heddle.coroutines",
                                "dev.heddle.internal.combine",
                                "dev.heddle.woven")
                        .and(not(equivalentTo(Asyncio.class)))
                        .should()
                        .dependOnClassesThat(equivalentTo(Asyncio.class)),
                RUNTIME);
    }

    private static String topLevel(JavaClass type) {
        return type.getName().replaceFirst("\\$.*", "");
    }

    /** For each group of classes of the runtime the other groups that it depends on. */
    private static Map<String, Set<String>> arrows(Function<JavaClass, String> group) {
        Map<String, Set<String>> arrows = new TreeMap<>();
        for (JavaClass type : RUNTIME) {
            Set<String> targets = arrows.computeIfAbsent(group.apply(type), none -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("dev.heddle")) {
                    targets.add(group.apply(target));
                }
            }
            targets.remove(group.apply(type));
        }
        return arrows;
    }

    /** The sets of two or more groups that reach each other. */
    private static List<Set<String>> circles(Map<String, Set<String>> arrows) {
        Map<String, Set<String>> reached = new TreeMap<>();
        arrows.keySet().forEach(start -> reached.put(start, reachedFrom(start, arrows)));
        List<Set<String>> circles = new ArrayList<>();
        for (String start : arrows.keySet()) {
            Set<String> circle = new TreeSet<>(reached.get(start));
            circle.removeIf(other -> !reached.getOrDefault(other, Set.of()).contains(start));
            if (!circle.isEmpty() && !circles.contains(circle)) {
                circles.add(circle);
            }
        }
        return circles;
    }

    private static Set<String> reachedFrom(String start, Map<String, Set<String>> arrows) {
        Set<String> reached = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(arrows.get(start));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (reached.add(next)) {
                open.addAll(arrows.getOrDefault(next, Set.of()));
            }
        }
        return reached;
    }
}

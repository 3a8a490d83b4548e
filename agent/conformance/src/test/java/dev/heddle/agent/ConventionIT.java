package dev.heddle.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents, runtimes and woven classes of different versions, each combination in a JVM of its own. */
class ConventionIT {

    private static final String WRONG_RUNTIME =
            "; use heddle-agent.jar and heddle-runtime.jar of one version, and compile and weave again what was woven"
                    + " at build time\n";

    /** Runs the program once for each runtime that is given, each time in a class loader with that runtime and the program. */
    private static final String LOADERS = """
        import java.io.File;
        import java.net.*;
        import java.util.function.Supplier;

        class Loaders {
            public static void main(String[] args) throws Exception {
                for (String runtime : args) {
                    URL[] urls = {new File("CLASSES/").toURI().toURL(), new File(runtime).toURI().toURL()};
                    ClassLoader loader = new URLClassLoader(runtime, urls, ClassLoader.getPlatformClassLoader());
                    try {
                        Object demo = loader.loadClass("Demo").getDeclaredConstructor().newInstance();
                        System.out.println(((Supplier<?>) demo).get());
                    } catch (LinkageError error) {
                        System.out.println(error.getClass().getSimpleName() + " " + error.getMessage());
                    }
                }
            }
        }
        """;

    private static final String DEMO = """
        import static dev.heddle.Asyncio.*;
        import dev.heddle.*;
        import java.util.function.Supplier;

        public class Demo implements Supplier<Integer> {
            @Async
            static Coroutine<Integer> work(int i) {
                await(sleep(0));
                return Coroutine.of(i);
            }

            public Integer get() {
                return run(work(7));
            }

            public static void main(String[] args) {
                System.out.println(new Demo().get());
            }
        }
        """;

    @TempDir
    private Path directory;

    private Path classes;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(directory.resolve("classes"));
        Program.compile(classes, "Demo", DEMO);
    }

    private Outcome java(Path runtime, boolean agent) throws Exception {
        List<Object> arguments = new ArrayList<>();
        if (agent) {
            arguments.add("-javaagent:" + Program.agentJar());
        }
        arguments.addAll(List.of("-cp", classes + File.pathSeparator + runtime, "Demo"));
        return WeaveRun.tool("java", arguments.toArray());
    }

    private static String wovenFor(int convention, Path runtime, int conventionOfRuntime) {
        return "Exception in thread \"main\" java.lang.IncompatibleClassChangeError: Demo was woven for calling"
                + " convention "
                + convention + ", and the runtime at " + url(runtime) + " has calling convention " + conventionOfRuntime
                + WRONG_RUNTIME;
    }

    /** As the code source of a class has it. */
    private static String url(Path jar) {
        return "file:" + jar;
    }

    private static String agentWeavesFor(String resource, int conventionOfRuntime) {
        return "heddle-agent: Demo: this agent weaves for calling convention 2, and jar:" + resource
                + "!/dev/heddle/woven/Convention.class states " + conventionOfRuntime
                + "; use heddle-agent.jar and heddle-runtime.jar of one version\n";
    }

    private Path runtime(String kind) throws IOException {
        return switch (kind) {
            case "this" -> WeaveRun.runtime();
            case "next" -> Conventions.runtime(directory, 3);
            case "previous" -> Conventions.runtime(directory, 1);
            case "renamed" -> Conventions.runtimeWithOtherNames(directory, 3);
            case "first" -> Conventions.runtimeWithoutConvention(directory);
            default -> directory.resolve("none.jar");
        };
    }

    /** The agent reports the mismatch before the class runs, and the class reports it when it is called. */
    @ParameterizedTest
    @CsvSource({"next, 3", "previous, 1", "renamed, 3"})
    @Tag("slow")
    void anAgentAndARuntimeOfDifferentVersions(String kind, int version) throws Exception {
        Path runtime = runtime(kind);

        Outcome outcome = java(runtime, true);

        String expected = agentWeavesFor(url(runtime), version) + wovenFor(2, runtime, version);
        assertTrue(outcome.err().startsWith(expected), outcome.err());
        assertEquals(1, outcome.exitCode());
    }

    /** A class woven at build time checks its runtime by itself; an agent that is there changes nothing. */
    @ParameterizedTest
    @CsvSource({
        "2, next, 3, false",
        "2, next, 3, true",
        "2, previous, 1, false",
        "2, previous, 1, true",
        "2, renamed, 3, false",
        "2, renamed, 3, true",
        "3, this, 2, false",
        "3, this, 2, true",
        "1, this, 2, false",
        "3, previous, 1, false"
    })
    @Tag("slow")
    void aClassWovenForAnotherRuntime(int woven, String kind, int version, boolean agent) throws Exception {
        Path runtime = runtime(kind);
        WeaveRun.agentJar("weave", classes);
        Conventions.setConvention(classes.resolve("Demo.class"), woven);

        Outcome outcome = java(runtime, agent);

        assertTrue(outcome.err().startsWith(wovenFor(woven, runtime, version)), outcome.err());
        assertEquals(1, outcome.exitCode());
    }

    /** The woven class and the runtime decide, not the agent. */
    @ParameterizedTest
    @CsvSource({"2, this, false", "2, this, true", "3, next, false", "3, next, true", "1, previous, true"})
    @Tag("slow")
    void aClassWovenForItsRuntime(int woven, String kind, boolean agent) throws Exception {
        WeaveRun.agentJar("weave", classes);
        Conventions.setConvention(classes.resolve("Demo.class"), woven);

        assertEquals(new Outcome(0, "7\n", ""), java(runtime(kind), agent));
    }

    @Test
    void aRuntimeThatIsNotThere() throws Exception {
        Outcome outcome = java(runtime("none"), true);

        assertTrue(
                outcome.err()
                        .startsWith(
                                "heddle-agent: Demo: its class loader, app, finds no heddle-runtime.jar; put it on the"
                                        + " class path, or where this loader looks\n"),
                outcome.err());
    }

    @Test
    @Tag("slow")
    void aRuntimeThatStatesNoConvention() throws Exception {
        Path runtime = runtime("first");

        Outcome outcome = java(runtime, true);

        assertTrue(
                outcome.err()
                        .startsWith("heddle-agent: Demo: its class loader, app, finds jar:" + url(runtime)
                                + "!/dev/heddle/Coroutine.class without dev.heddle.woven.Convention, so the runtime is"
                                + " older than this agent, or the loader hides a part of it; use heddle-agent.jar and"
                                + " heddle-runtime.jar of one version, and let an OSGi bundle import"
                                + " dev.heddle.woven\n"),
                outcome.err());
    }

    @Test
    void severalRuntimesInSeveralLoaders() throws Exception {
        Path main = Files.createDirectory(directory.resolve("main"));
        Program.compile(main, "Loaders", LOADERS.replace("CLASSES", classes.toString()));
        Path other = runtime("next");

        Outcome outcome = WeaveRun.tool(
                "java",
                "-javaagent:" + Program.agentJar(),
                "-cp",
                main,
                "Loaders",
                WeaveRun.runtime(),
                other,
                WeaveRun.runtime());

        String mismatch = wovenFor(2, other, 3);
        assertEquals(
                new Outcome(
                        0,
                        "7\n"
                                + mismatch.substring(mismatch.indexOf("IncompatibleClassChangeError"))
                                        .replace("Error: ", "Error ")
                                + "7\n",
                        agentWeavesFor(url(other), 3)),
                outcome);
    }

    /** A build must not take for done what another version has woven. */
    @Test
    void weavingAgainWhatAnotherVersionHasWoven() throws Exception {
        WeaveRun.agentJar("weave", classes);
        Path demo = classes.resolve("Demo.class");
        Conventions.setConvention(demo, 3);
        byte[] before = Files.readAllBytes(demo);

        Outcome outcome = WeaveRun.agentJar("weave", classes);

        assertEquals(
                new Outcome(
                        1,
                        "woven 0 of 1 class in " + classes + "; 1 refused, left as compiled\n",
                        "heddle-agent: " + demo + " was woven for calling convention 3, and this agent weaves for 2;"
                                + " compile it again, so that it can be woven again\n"),
                outcome);
        assertFalse(Files.mismatch(demo, Files.write(directory.resolve("before"), before)) >= 0);
    }
}

package dev.heddle.coexistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Coroutine;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A debugger or an IDE replaces a woven class while it is in use, and coroutines are suspended in the old one. */
@Tag("slow")
@Timeout(60)
class RedefinitionIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;
            import java.nio.file.*;

            class Worker {
                @Async
                static Coroutine<String> work(String name, Future<Integer> first, Future<Integer> second) {
                    String text = name + " old";
                    int sum = await(first);
                    sum += await(second); // second
                    return Coroutine.of(text + " " + sum + " old");
                }
            }

            class Main {
                @Async
                static Coroutine<Void> main(Path classFile) throws Exception {
                    EventLoop loop = getRunningLoop();
                    Future<Integer> first = loop.createFuture();
                    Future<Integer> second = loop.createFuture();
                    first.setResult(1);
                    Task<String> suspended = createTask(Worker.work("suspended", first, second));
                    await(sleep(0));
                    byte[] classBytes = Files.readAllBytes(classFile);
                    Class.forName("RedefiningAgent")
                            .getMethod("redefine", Class.class, byte[].class)
                            .invoke(null, Worker.class, classBytes);
                    second.setResult(2);
                    try {
                        System.out.println(await(suspended));
                    } catch (IllegalStateException e) {
                        System.out.println(e.getMessage());
                    }
                    System.out.println(await(Worker.work("fresh", first, second)));
                    Future<Integer> later = loop.createFuture();
                    loop.callSoon(() -> later.setResult(10));
                    System.out.println(await(Worker.work("fresh", later, second)));
                    return Coroutine.done();
                }

                public static void main(String[] args) throws Exception {
                    run(main(Path.of(System.getProperty("redefinition"))));
                }
            }
            """;

    private static final String SECOND_AWAIT = "sum += await(second); // second";

    private static final String NEW_SOURCE = SOURCE.replace(" old\"", " new\"");

    private static final String STALE = """
            <coroutine Worker.work(Worker.java:10)> cannot go on: its class was redefined while it was suspended, with other\
             awaits; start it anew
            """;

    private static final String AGENT = """
            import java.lang.instrument.ClassDefinition;
            import java.lang.instrument.Instrumentation;

            public class RedefiningAgent {
                private static Instrumentation instrumentation;

                public static void premain(String arguments, Instrumentation instrumentation) {
                    RedefiningAgent.instrumentation = instrumentation;
                }

                public static void redefine(Class<?> type, byte[] classFile) throws Exception {
                    instrumentation.redefineClasses(new ClassDefinition(type, classFile));
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void withTheSameAwaitsWhatIsSuspendedGoesOnInTheNewBody() throws Exception {
        assertEquals(new Outcome(0, """
                suspended old 3 new
                fresh new 3 new
                fresh new 12 new
                """, ""), redefine(NEW_SOURCE));
    }

    @Test
    void withoutTheAwaitWhatIsSuspendedThereFailsClearlyAndNewCallsWork() throws Exception {
        assertEquals(new Outcome(0, STALE + """
                fresh new 1 new
                fresh new 10 new
                """, ""), redefine(NEW_SOURCE.replace(SECOND_AWAIT, "")));
    }

    @Test
    void withoutAnyAwaitWhatIsSuspendedFailsClearlyAndNewCallsWork() throws Exception {
        assertEquals(
                new Outcome(0, STALE + """
                fresh new 0 new
                fresh new 0 new
                """, ""),
                redefine(NEW_SOURCE.replace(SECOND_AWAIT, "").replace("await(first)", "0")));
    }

    @Test
    void withMoreAwaitsWhatIsSuspendedFailsClearlyAndNewCallsWork() throws Exception {
        assertEquals(
                new Outcome(0, STALE + """
                fresh new 3 new
                fresh new 12 new
                """, ""),
                redefine(NEW_SOURCE.replace("String text", "await(sleep(0)); String text")));
    }

    @Test
    void withOneMoreLiveVariableWhatIsSuspendedFailsClearlyAndNewCallsWork() throws Exception {
        String more = "String more = name + 1; int sum = await(first);";
        assertEquals(
                new Outcome(0, STALE + """
                fresh new 3 new fresh1
                fresh new 12 new fresh1
                """, ""),
                redefine(NEW_SOURCE.replace("int sum = await(first);", more).replace(" new\");", " new \" + more);")));
    }

    /** Runs the program, which redefines its worker by that of {@code newSource}. */
    private Outcome redefine(String newSource) throws Exception {
        Path redefinition = Files.createDirectories(directory.resolve("redefinition"));
        Program.compile(redefinition, "Worker", newSource);
        Path agent = AgentJar.build(directory, "RedefiningAgent", AGENT, Coroutine.class);
        return Program.compile(directory, "Worker", SOURCE)
                .withAgent("verify=true")
                .with("-javaagent:" + agent)
                .with("-Dredefinition=" + redefinition.resolve("Worker.class"))
                .run("Main");
    }
}

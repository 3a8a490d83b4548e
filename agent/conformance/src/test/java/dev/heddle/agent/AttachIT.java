package dev.heddle.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.agent.buildtime.WeaveRun;
import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent in a JVM that runs already. */
class AttachIT {

    private static final String DEMO = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            public class Demo {
                static class EarlyMethod {
                    @Async
                    static Coroutine<Void> pause() {
                        await(sleep(0));
                        return Coroutine.done();
                    }
                }

                static class EarlyLambda {
                    static AsyncSupplier<String> pause() {
                        return () -> {
                            await(sleep(0));
                            return Coroutine.of("early");
                        };
                    }
                }

                static class EarlyUser {
                    static void use() {
                        run(EarlyMethod.pause());
                    }
                }

                static class Late {
                    @Async
                    static Coroutine<String> pause() {
                        await(sleep(0));
                        return Coroutine.of("late");
                    }
                }

                public static void main(String[] args) throws Exception {
                    new EarlyMethod();
                    new EarlyLambda();
                    new EarlyUser();
                    System.out.println("ready");
                    System.in.read();
                    System.out.println(run(Late.pause()));
                    try {
                        EarlyUser.use();
                    } catch (IllegalStateException e) {
                        System.out.println(e.getMessage().substring(0, 47));
                    }
                }
            }
            """;

    private static final String UNWOVEN = "heddle-agent: these classes were loaded before the agent, so they cannot be"
            + " woven, and their awaits throw: Demo$EarlyLambda, Demo$EarlyMethod; start the JVM with"
            + " -javaagent:heddle-agent.jar, or weave them at build time\n";

    @TempDir
    private Path directory;

    private Outcome attach(Process process, String options) throws IOException, InterruptedException {
        return WeaveRun.tool("jcmd", process.pid(), "JVMTI.agent_load", Program.agentJar(), options);
    }

    @Test
    void weavesClassesLoadedLaterAndNamesTheOthersOnce() throws Exception {
        Program program = Program.compile(directory, "Demo", DEMO).with("-XX:+EnableDynamicAgentLoading");
        Process process = program.open("Demo");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertEquals("ready", out.readLine());

            Outcome wrong = attach(process, "verfy");
            Outcome first = attach(process, "\"verify=true\"");
            Outcome second = attach(process, "\"log=info\"");
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();

            assertNotEquals(process.pid() + ":\nreturn code: 0\n", wrong.out());
            assertEquals(process.pid() + ":\nreturn code: 0\n", first.out());
            assertEquals(process.pid() + ":\nreturn code: 0\n", second.out());
            assertEquals("late", out.readLine());
            assertEquals("Demo$EarlyMethod.pause (Demo.java:8): await in ", out.readLine());
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the program ends within a minute");
            String err = Files.readString(directory.resolve("errors.txt"));
            assertTrue(err.startsWith("heddle-agent: unknown option 'verfy'; the options are "), err);
            assertTrue(
                    err.endsWith(UNWOVEN + "heddle-agent: the agent has been started already, and keeps its options\n"),
                    err);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Classes that the build has woven need no agent, and those of the runtime are woven, too. */
    @Test
    void saysNothingOfWovenClasses() throws Exception {
        Program program = Program.compile(directory, "Demo", DEMO).with("-XX:+EnableDynamicAgentLoading");
        assertEquals(0, WeaveRun.agentJar("weave", directory).exitCode());
        Process process = program.open("Demo");
        try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            assertEquals("ready", out.readLine());
            attach(process, "\"verify=true\"");
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();

            assertEquals(List.of("late"), out.lines().toList());
            assertEquals("", Files.readString(directory.resolve("errors.txt")));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @Tag("slow")
    void weavesWhatIsTypedIntoJshell() throws Exception {
        Path script = Files.writeString(directory.resolve("demo.jsh"), """
                import static dev.heddle.Asyncio.*
                import dev.heddle.*
                @Async Coroutine<Integer> work(int i) { await(sleep(0)); return Coroutine.of(i); }
                System.out.println(run(work(3)))
                System.out.println(run(() -> { return Coroutine.of(await(work(3)) + await(work(4))); }))
                /exit
                """);

        Outcome outcome = WeaveRun.tool(
                "jshell",
                "-J-Djava.util.prefs.userRoot=" + directory,
                "-s",
                "-R-javaagent:" + Program.agentJar(),
                "--class-path",
                WeaveRun.runtime(),
                script);

        assertEquals(0, outcome.exitCode(), outcome.err());
        assertEquals("3\n7\n", outcome.out());
    }
}

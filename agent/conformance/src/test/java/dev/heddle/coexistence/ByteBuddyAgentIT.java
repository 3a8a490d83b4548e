package dev.heddle.coexistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.testkit.Program;
import dev.heddle.testkit.Program.Outcome;
import java.nio.file.Path;
import net.bytebuddy.ByteBuddy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that puts advice at the entry and the exit of methods, as tracing agents do. What it advises ahead of ours is the
 * method as written; behind ours it finds the method that makes the coroutine, and passes over the body, which is synthetic.
 */
@Tag("slow")
@Timeout(60)
class ByteBuddyAgentIT {

    private static final String SOURCE = """
            import static dev.heddle.Asyncio.*;
            import dev.heddle.*;

            class Advised {
                private int calls;

                @Async
                Coroutine<Integer> work(int i, long wide) {
                    calls++;
                    for (int round = 0; round < 2; round++) {
                        await(sleep(0));
                        wide += i;
                    }
                    if (i == 2) {
                        throw new IllegalStateException("two");
                    }
                    return Coroutine.of((int) wide);
                }

                @Async
                static Coroutine<Void> main() {
                    Advised advised = new Advised();
                    System.out.println(await(advised.work(1, 10)));
                    try {
                        await(advised.work(2, 10));
                    } catch (IllegalStateException e) {
                        System.out.println(e.getMessage());
                    }
                    var both = await(gather(advised.work(3, 10), advised.work(4, 10)));
                    System.out.println(both + " in " + advised.calls + " calls");
                    return Coroutine.done();
                }

                public static void main(String[] args) {
                    run(main());
                }
            }
            """;

    private static final String AGENT = """
            import static net.bytebuddy.matcher.ElementMatchers.*;

            import java.lang.instrument.Instrumentation;
            import net.bytebuddy.agent.builder.AgentBuilder;
            import net.bytebuddy.asm.Advice;

            public class AdviceAgent {
                public static void premain(String arguments, Instrumentation instrumentation) {
                    new AgentBuilder.Default()
                            .with(AgentBuilder.Listener.StreamWriting.toSystemError().withErrorsOnly())
                            .type(named("Advised"))
                            .transform((builder, type, loader, module, domain) ->
                                    builder.visit(Advice.to(Traced.class).on(named("work"))))
                            .installOn(instrumentation);
                }

                public static class Traced {
                    @Advice.OnMethodEnter
                    static String enter(@Advice.Argument(0) int i) {
                        String call = "work(" + i + ")";
                        System.out.println("> " + call);
                        return call;
                    }

                    @Advice.OnMethodExit(onThrowable = Throwable.class)
                    static void exit(@Advice.Enter String call, @Advice.Thrown Throwable thrown) {
                        System.out.println("< " + call + (thrown == null ? "" : " " + thrown.getMessage()));
                    }
                }
            }
            """;

    /** Or else newer JDKs warn of what Byte Buddy uses. */
    private static final String WITHOUT_UNSAFE = "-Dnet.bytebuddy.safe=true";

    @TempDir
    private Path directory;

    @Test
    void aheadOfOursItAdvisesTheRunOfTheMethod() throws Exception {
        Outcome outcome = Program.compile(directory, "Advised", SOURCE)
                .with(adviceAgent())
                .with(WITHOUT_UNSAFE)
                .withAgent("verify=true")
                .run("Advised");

        assertEquals(new Outcome(0, """
                > work(1)
                < work(1)
                12
                > work(2)
                < work(2) two
                two
                > work(3)
                > work(4)
                < work(3)
                < work(4)
                [16, 18] in 4 calls
                """, ""), outcome);
    }

    @Test
    void behindOursItAdvisesTheCallThatMakesTheCoroutine() throws Exception {
        Outcome outcome = Program.compile(directory, "Advised", SOURCE)
                .withAgent("verify=true")
                .with(adviceAgent())
                .with(WITHOUT_UNSAFE)
                .run("Advised");

        assertEquals(new Outcome(0, """
                > work(1)
                < work(1)
                12
                > work(2)
                < work(2)
                two
                > work(3)
                < work(3)
                > work(4)
                < work(4)
                [16, 18] in 4 calls
                """, ""), outcome);
    }

    private String adviceAgent() throws Exception {
        return "-javaagent:" + AgentJar.build(directory, "AdviceAgent", AGENT, ByteBuddy.class);
    }
}

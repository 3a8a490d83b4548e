package dev.heddle.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The entry of the agent: {@code java -javaagent:heddle-agent.jar[=options]}. */
public final class PreMain {

    private PreMain() {}

    /**
     * Called by the JVM before {@code main}. An unknown option ends the JVM with a message and exit code 1, because a
     * program that started without its agent would only fail later.
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            instrumentation.addTransformer(new WeavingTransformer(AgentOptions.parse(arguments)));
        } catch (IllegalArgumentException invalidOption) {
            new AgentLog(AgentOptions.Level.ERROR).error(String.valueOf(invalidOption.getMessage()));
            System.exit(1);
        }
    }
}

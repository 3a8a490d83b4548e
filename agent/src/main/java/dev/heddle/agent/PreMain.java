package dev.heddle.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** The entry of the agent: {@code java -javaagent:heddle-agent.jar[=options]}. */
public final class PreMain {

    private PreMain() {}

    /**
     * Called by the JVM before {@code main}.
     *
     * @throws IllegalArgumentException if an option is not known; the JVM prints the message and exits
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new WeavingTransformer(AgentOptions.parse(arguments)));
    }
}

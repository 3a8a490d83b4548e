// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.lang.instrument.Instrumentation;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The entries of the agent: {@code java -javaagent:heddle-agent.jar[=options]}, {@code java -jar} of a jar whose manifest names
 * this class as {@code Launcher-Agent-Class}, and an agent attached to a running JVM.
 */
public final class PreMain {

    /** Set once this JVM has a transformer: an agent may be started several times, in several ways. */
    private static final AtomicBoolean STARTED = new AtomicBoolean();

    private PreMain() {}

    /**
     * Called by the JVM before {@code main}. An unknown option ends the JVM with a message and exit code 1, because a
     * program that started without its agent would only fail later.
     */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            start(AgentOptions.parse(arguments), instrumentation);
        } catch (IllegalArgumentException invalidOption) {
            report(invalidOption);
            System.exit(1);
        }
    }

    /**
     * Called by the JVM before it loads the main class of a jar, or in a running JVM to which the agent is attached. Reports the
     * classes that were loaded too early to be woven. An unknown option is reported and thrown: the program goes on as it was.
     */
    public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
        try {
            AgentOptions options = AgentOptions.parse(arguments);
            if (start(options, instrumentation)) {
                reportUnwoven(instrumentation, new AgentLog(options.log()));
            }
        } catch (IllegalArgumentException invalidOption) {
            report(invalidOption);
            throw invalidOption;
        }
    }

    /** Returns false if this JVM has the agent already, whose options stay as they are. */
    private static boolean start(AgentOptions options, Instrumentation instrumentation) {
        if (!STARTED.compareAndSet(false, true)) {
            new AgentLog(options.log()).info("the agent has been started already, and keeps its options");
            return false;
        }
        instrumentation.addTransformer(new WeavingTransformer(options));
        return true;
    }

    private static void reportUnwoven(Instrumentation instrumentation, AgentLog log) {
        List<String> unwoven = UnwovenClasses.names(instrumentation.getAllLoadedClasses());
        if (!unwoven.isEmpty()) {
            log.error("these classes were loaded before the agent, so they cannot be woven, and their awaits throw: "
                    + String.join(", ", unwoven)
                    + "; start the JVM with -javaagent:heddle-agent.jar, or weave them at build time");
        }
    }

    private static void report(IllegalArgumentException invalidOption) {
        new AgentLog(AgentOptions.Level.ERROR).error(String.valueOf(invalidOption.getMessage()));
    }
}

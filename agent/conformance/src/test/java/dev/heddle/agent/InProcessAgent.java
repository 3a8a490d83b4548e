package dev.heddle.agent;

import org.jspecify.annotations.Nullable;

/** The agent as it weaves with no options, without a JVM of its own. */
public final class InProcessAgent {

    private final WeavingTransformer transformer = new WeavingTransformer(AgentOptions.parse(""));

    /** Returns the class file that the agent produces for a class that {@code loader} defines, or null if it leaves the class as it is. */
    public byte @Nullable [] transform(ClassLoader loader, String className, byte[] compiled) {
        return transformer.transform(loader, className, null, null, compiled);
    }
}

package dev.heddle.agent;

import dev.heddle.agent.AgentOptions.Level;
import java.io.PrintStream;

/** Where the agent tells what it does: standard error, since logging may not be there when it starts. */
final class AgentLog {

    private final Level level;
    private final PrintStream out = System.err;

    AgentLog(Level level) {
        this.level = level;
    }

    void info(String message) {
        print(Level.INFO, message);
    }

    void warn(String message) {
        print(Level.ERROR, message);
    }

    void error(String message) {
        print(Level.ERROR, message);
    }

    void error(String message, Throwable cause) {
        print(Level.ERROR, message + ": " + cause);
        if (level == Level.INFO) {
            cause.printStackTrace(out);
        }
    }

    private void print(Level needed, String message) {
        if (level.compareTo(needed) >= 0) {
            out.println("heddle-agent: " + message);
        }
    }
}

package dev.heddle.agent;

import dev.heddle.agent.AgentOptions.Level;
import java.io.PrintStream;

/**
 * Prints the messages of the agent. Problems go to standard error, because a logging library may not be available yet
 * when the agent starts. The output of a command goes to standard output.
 */
final class AgentLog {

    private final Level level;
    private final PrintStream err = System.err;
    private final PrintStream out = System.out;

    AgentLog(Level level) {
        this.level = level;
    }

    /** Prints {@code text} on standard output as it is. */
    void tell(String text) {
        out.println(text);
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
            cause.printStackTrace(err);
        }
    }

    private void print(Level needed, String message) {
        if (level.compareTo(needed) >= 0) {
            err.println("heddle-agent: " + message);
        }
    }
}

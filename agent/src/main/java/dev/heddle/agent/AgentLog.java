package dev.heddle.agent;

import dev.heddle.agent.AgentOptions.Level;
import java.io.PrintStream;

/**
 * Where the agent tells what it does: problems on standard error, since logging may not be there when it starts, and what
 * a command of its own was asked for on standard output.
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

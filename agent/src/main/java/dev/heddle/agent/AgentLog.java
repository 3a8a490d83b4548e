// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import dev.heddle.agent.AgentOptions.Level;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Passes on the messages of a level. By default, problems go to standard error, because a logging library may not be available yet
 * when the agent starts. The output of a command goes to standard output.
 */
final class AgentLog {

    private final Level level;
    private final BuildTimeWeaving.Messages messages;

    AgentLog(Level level) {
        this(level, new Streams());
    }

    AgentLog(Level level, BuildTimeWeaving.Messages messages) {
        this.level = level;
        this.messages = messages;
    }

    /** Passes on the output of a command, whatever the level. */
    void tell(String text) {
        messages.info(text);
    }

    void info(String message) {
        if (level == Level.INFO) {
            messages.error(message); // not the output of a command
        }
    }

    void warn(String message) {
        if (level != Level.OFF) {
            messages.warn(message);
        }
    }

    void error(String message) {
        if (level != Level.OFF) {
            messages.error(message);
        }
    }

    void error(String message, Throwable cause) {
        StringWriter trace = new StringWriter();
        if (level == Level.INFO) {
            trace.append(System.lineSeparator());
            cause.printStackTrace(new PrintWriter(trace, true));
        }
        error(message + ": " + cause + trace.toString().stripTrailing());
    }

    private static final class Streams implements BuildTimeWeaving.Messages {

        private final PrintStream err = System.err;
        private final PrintStream out = System.out;

        @Override
        public void info(String message) {
            out.println(message);
        }

        @Override
        public void warn(String message) {
            error(message);
        }

        @Override
        public void error(String message) {
            err.println("heddle-agent: " + message);
        }
    }
}

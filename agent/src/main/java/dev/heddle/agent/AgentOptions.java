// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options after {@code -javaagent:heddle-agent.jar=}, separated by commas.
 *
 * @param dump {@code dump=DIR}: the directory to which each woven class is written, null for none
 * @param verify {@code verify=true}: check each woven class before the JVM does
 * @param log {@code log=off|error|info}: which messages are printed on standard error
 */
record AgentOptions(@Nullable Path dump, boolean verify, Level log) {

    /** Which messages are printed. */
    enum Level {
        /** No messages. Refused methods still throw theirs. */
        OFF,
        /** Methods and classes that could not be woven. The default. */
        ERROR,
        /** In addition, each woven class. */
        INFO
    }

    private static final AgentOptions DEFAULTS = new AgentOptions(null, false, Level.ERROR);

    /**
     * Parses {@code arguments}.
     *
     * @throws IllegalArgumentException if an option is unknown or has an invalid value; the message lists the options
     */
    static AgentOptions parse(@Nullable String arguments) {
        AgentOptions options = DEFAULTS;
        if (arguments == null || arguments.isBlank()) {
            return options;
        }
        for (String option : arguments.split(",", -1)) {
            int equals = option.indexOf('=');
            String name = (equals < 0 ? option : option.substring(0, equals)).strip();
            String value = equals < 0 ? "" : option.substring(equals + 1).strip();
            options = options.with(name, value);
        }
        return options;
    }

    private AgentOptions with(String name, String value) {
        return switch (name) {
            case "dump" -> new AgentOptions(directory(value), verify, log);
            case "verify" -> new AgentOptions(dump, isTrue(value), log);
            case "log" -> new AgentOptions(dump, verify, level(value));
            default -> throw invalid("unknown option '" + name + "'");
        };
    }

    private static Path directory(String value) {
        if (value.isEmpty()) {
            throw invalid("option 'dump' needs a directory");
        }
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw invalid("option 'dump' needs a directory, not '" + value + "'");
        }
    }

    private static boolean isTrue(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("option 'verify' is true or false, not '" + value + "'");
        };
    }

    private static Level level(String value) {
        for (Level level : Level.values()) {
            if (value.equals(level.name().toLowerCase(Locale.ROOT))) {
                return level;
            }
        }
        throw invalid("option 'log' is off, error or info, not '" + value + "'");
    }

    private static IllegalArgumentException invalid(String problem) {
        return new IllegalArgumentException(
                problem + "; the options are dump=DIR, verify=true|false, log=off|error|info, separated by commas");
    }
}

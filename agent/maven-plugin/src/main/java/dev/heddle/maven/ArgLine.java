// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.maven;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JVM arguments as one line, as Surefire and Failsafe read them from the property {@code argLine}. */
final class ArgLine {

    private static final Pattern AGENT = Pattern.compile("-javaagent:[^\"']*heddle-agent[^\"'/\\\\]*\\.jar");

    private static final Pattern CONFIGURED = Pattern.compile("<argLine>(.*?)</argLine>", Pattern.DOTALL);

    private ArgLine() {}

    /**
     * Adds the agent to {@code arguments}. It comes last, because agents such as JaCoCo's have to see the methods as they are
     * written. Arguments that have an agent of Heddle stay as they are.
     */
    static String withAgent(@Nullable String arguments, String jar, @Nullable String options) {
        String line = arguments == null ? "" : arguments.strip();
        if (AGENT.matcher(line).find()) {
            return line;
        }
        String agent = "-javaagent:" + jar + (options == null || options.isBlank() ? "" : "=" + options.strip());
        return (line + " " + quoted(agent)).strip();
    }

    /**
     * Finds arguments that take the place of {@code property}, because a plugin is configured with them.
     *
     * @param configurations the configurations of the plugin and of its executions, as XML
     * @return the arguments, or null if there are none, or if they contain the property or an agent of Heddle
     */
    static @Nullable String hiding(String property, Stream<String> configurations) {
        return configurations
                .map(CONFIGURED::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1).strip())
                .filter(arguments -> !arguments.contains("{" + property + "}"))
                .filter(arguments -> !AGENT.matcher(arguments).find())
                .findFirst()
                .orElse(null);
    }

    private static String quoted(String argument) {
        boolean plain = argument.chars().noneMatch(c -> Character.isWhitespace(c) || c == '\'');
        return plain ? argument : '"' + argument + '"';
    }
}

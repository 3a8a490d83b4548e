// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.util.List;

/** The entry of {@code java -jar heddle-agent.jar}: weaving at build time. */
public final class Main {

    /** The exit code after success. */
    static final int DONE = 0;

    /** The exit code if something could not be woven. */
    static final int REFUSED = 1;

    /** The exit code if the command line is wrong, or a file cannot be read or written. */
    static final int FAILED = 2;

    private static final String USAGE = """
            usage: java -jar heddle-agent.jar weave [--out DIR] [--check] PATH...
            Weaves @Async methods at build time, as -javaagent:heddle-agent.jar does when classes are loaded.

              PATH       a directory of class files, or a jar; jars inside are left alone
              --out DIR  leave PATH as it is and write a complete copy: a directory's contents to DIR, a jar into DIR
              --check    write nothing, only report what cannot be woven
              --help     print this text

            Classes that cannot be woven are reported and left as compiled.
            Symbolic links are not followed out of a directory.
            Exit code: 0 if nothing was refused, 1 if something was, 2 if the command line is wrong, a file cannot be
            read or written, or a class file is not valid as it was compiled.""";

    private Main() {}

    /** Runs the command in {@code arguments}. If its exit code is not 0, the JVM exits with that code. */
    public static void main(String[] arguments) {
        int exitCode = run(List.of(arguments), new AgentLog(AgentOptions.Level.ERROR));
        if (exitCode != DONE) {
            System.exit(exitCode);
        }
    }

    private static int run(List<String> arguments, AgentLog log) {
        if (arguments.isEmpty() || arguments.contains("--help")) {
            log.tell(USAGE);
            return DONE;
        }
        WeaveOptions options;
        try {
            if (!arguments.get(0).equals("weave")) {
                throw new IllegalArgumentException("unknown command '" + arguments.get(0) + "'; there is one: weave");
            }
            options = WeaveOptions.parse(arguments.subList(1, arguments.size()));
        } catch (IllegalArgumentException wrong) {
            log.error(wrong.getMessage() + System.lineSeparator() + USAGE);
            return FAILED;
        }
        return new WeaveCommand(options, log).run();
    }
}

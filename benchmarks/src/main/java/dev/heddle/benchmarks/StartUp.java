// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures the time that the agent adds to the start of a JVM. It runs a program that prints one line, and one that
 * loads 10,000 classes, with the agent and without it in turn, and prints the medians. The programs do not name Heddle.
 * The arguments are the agent's jar and the number of runs of the first program.
 */
public final class StartUp {

    private static final int RUNS = 21;
    /** The second program takes much longer than the first and runs this many times less often. */
    private static final int LONGER = 3;

    private StartUp() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("usage: StartUp heddle-agent.jar [RUNS]");
        }
        List<String> agent = List.of("-javaagent:" + args[0]);
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : RUNS;
        Path jar = Files.createTempFile("classes", ".jar");
        try {
            ManyClasses.write(jar);
            hello(agent, runs);
            classes(agent, Math.max(1, runs / LONGER), jar);
        } finally {
            Files.delete(jar);
        }
    }

    private static void hello(List<String> agent, int runs) throws IOException, InterruptedException {
        List<String> program = List.of("-cp", System.getProperty("java.class.path"), Hello.class.getName());
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            without.add(wallMillis(List.of(), program));
            with.add(wallMillis(agent, program));
        }
        double base = median(without);
        double added = median(with) - base;
        System.out.printf(Locale.ROOT, "16 hello %.1f ms%n", added);
        System.out.printf(Locale.ROOT, "hello world takes %.1f ms without the agent%n", base);
    }

    /** Runs the program that loads classes. It times itself, so that the start of the agent is not counted twice. */
    private static void classes(List<String> agent, int runs, Path jar) throws IOException, InterruptedException {
        List<String> program = List.of("-cp", jar.toString(), ManyClasses.MAIN);
        List<Double> without = new ArrayList<>();
        List<Double> with = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            without.add(ownMillis(List.of(), program));
            with.add(ownMillis(agent, program));
        }
        double base = median(without);
        System.out.printf(Locale.ROOT, "16 classes %.2f %%%n", 100 * (median(with) - base) / base);
        System.out.printf(Locale.ROOT, "%,d classes take %.1f ms without the agent%n", ManyClasses.COUNT, base);
    }

    private static double wallMillis(List<String> options, List<String> program)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        run(options, program);
        return (System.nanoTime() - start) / 1e6;
    }

    private static double ownMillis(List<String> options, List<String> program)
            throws IOException, InterruptedException {
        return Long.parseLong(run(options, program).strip()) / 1e6;
    }

    private static String run(List<String> options, List<String> program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(program);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a program failed: " + command);
        }
        return output;
    }

    private static double median(List<Double> times) {
        Collections.sort(times);
        return times.get(times.size() / 2);
    }

    /** The program that is started. */
    static final class Hello {

        private Hello() {}

        public static void main(String[] args) {
            System.out.println("hello, world");
        }
    }
}

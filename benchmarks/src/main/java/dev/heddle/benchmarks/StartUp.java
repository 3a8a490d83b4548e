package dev.heddle.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What the agent adds to the start of a JVM: runs a program that prints one line, with the agent and without it in turn, and
 * prints the medians. The program names nothing of Heddle. The argument is the agent's jar.
 */
public final class StartUp {

    private static final int RUNS = 21;

    private StartUp() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 1) {
            throw new IllegalArgumentException("usage: StartUp heddle-agent.jar");
        }
        List<Long> without = new ArrayList<>();
        List<Long> with = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            without.add(time(List.of()));
            with.add(time(List.of("-javaagent:" + args[0])));
        }
        double base = median(without) / 1e6;
        double agent = median(with) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "hello world: %.0f ms, with the agent: %.0f ms, added: %.0f ms%n",
                base,
                agent,
                agent - base);
    }

    private static long time(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hello.class.getName()));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("hello world failed: " + command);
        }
        return System.nanoTime() - start;
    }

    private static long median(List<Long> times) {
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

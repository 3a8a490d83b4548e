// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The program of a JVM in which a quick run measures all variants of a peer in a row, one after the other. It prints
 * the values. The compiler's profile of one variant influences the figures of the next, which are therefore rough; but
 * each JVM takes a second.
 */
final class SharedFork {

    private SharedFork() {}

    /** The command line arguments for these cases, each of one benchmark. */
    static List<String> arguments(List<JmhRows.Turn> turns) {
        List<String> words = new ArrayList<>();
        for (JmhRows.Turn turn : turns) {
            words.addAll(List.of(
                    turn.benchmark(),
                    Integer.toString(turn.subject().row().number()),
                    turn.subject().variant()));
        }
        return words;
    }

    /** Runs the program. The arguments are a benchmark, a row and a variant, repeated. */
    public static void main(String[] args) throws RunnerException {
        for (int i = 0; i < args.length; i += 3) {
            Case subject = new Case(Row.of(args[i + 1]).orElseThrow(), args[i + 2]);
            Runner runner = new Runner(
                    JmhFork.options(args[i], subject, Effort.quick()).forks(0).build());
            JmhFork.lines(subject, runner.run()).forEach(line -> System.out.println(line.text()));
        }
    }
}

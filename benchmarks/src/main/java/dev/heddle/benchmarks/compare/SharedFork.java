package dev.heddle.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The program of a fork that a quick run uses for all variants of a peer in a row: measures one after the other, and prints what it measures.
 * What the compiler knows of a variant is in the next one's figures, which are rough for that; each fork takes a second.
 */
final class SharedFork {

    private SharedFork() {}

    /** The words of the command line that stand for these cases of a benchmark each. */
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

    /** Runs the program; the arguments are a benchmark, a row and a variant, again and again. */
    public static void main(String[] args) throws RunnerException {
        for (int i = 0; i < args.length; i += 3) {
            Case subject = new Case(Row.of(args[i + 1]).orElseThrow(), args[i + 2]);
            Runner runner = new Runner(
                    JmhFork.options(args[i], subject, Effort.quick()).forks(0).build());
            JmhFork.lines(subject, runner.run()).forEach(line -> System.out.println(line.text()));
        }
    }
}

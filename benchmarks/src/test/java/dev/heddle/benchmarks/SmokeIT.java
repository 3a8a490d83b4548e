package dev.heddle.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs once under the agent, with its smallest parameters; nothing is measured. */
@Tag("slow")
class SmokeIT {

    /** The benchmarks that have a floor beside Heddle. */
    private static final Set<String> COMPARISONS = Set.of(
            "CallBenchmark",
            "ChainBenchmark",
            "CrossLoopBenchmark",
            "GatherBenchmark",
            "LoopKernelBenchmark",
            "ManySwitchBenchmark",
            "PingPongBenchmark",
            "QueueBenchmark",
            "RingBenchmark",
            "SkynetBenchmark",
            "SpawnBenchmark",
            "SwitchBenchmark",
            "TimerBenchmark",
            "WorkersBenchmark");

    /** Another run may be measuring; this one does not. */
    @BeforeAll
    static void runBesideAnotherJmh() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void everyBenchmarkRuns() throws RunnerException {
        ChainedOptionsBuilder once = once().include("dev\\.heddle\\.benchmarks\\..*")
                .forks(0)
                .param("capacity", "16")
                .param("children", "10")
                .param("depth", "8")
                .param("outstanding", "ONE")
                .param("switches", "1")
                .param("tasks", "1000");
        if (Runtime.version().feature() < 21) {
            once.exclude("\\.virtualThreads$");
        }

        Collection<RunResult> results = new Runner(once.build()).run();

        Set<String> all = new TreeSet<>(COMPARISONS);
        all.addAll(List.of("CaughtBenchmark", "SharedQueueBenchmark"));
        assertEquals(all, classes(results, ".*"));
        assertEquals(new TreeSet<>(COMPARISONS), classes(results, ".*\\.(heddle|twoLoops)"));
        assertEquals(new TreeSet<>(COMPARISONS), classes(results, ".*\\.plain"));
        assertTrue(results.stream().allMatch(result -> result.getPrimaryResult().getScore() > 0));
    }

    /** The JVM arguments of this JVM, the agent among them, are those of the forks. */
    @Test
    void aForkHasTheAgent() throws RunnerException {
        Collection<RunResult> results =
                new Runner(once().include("\\.CallBenchmark\\.heddle$").forks(1).build()).run();

        assertEquals(1, results.size());
    }

    private static ChainedOptionsBuilder once() {
        return new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .timeout(TimeValue.seconds(60))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static Set<String> classes(Collection<RunResult> results, String method) {
        return results.stream()
                .map(result -> result.getParams().getBenchmark().replace("dev.heddle.benchmarks.", ""))
                .filter(name -> name.matches(method))
                .map(name -> name.substring(0, name.indexOf('.')))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The rows of the comparison, with their subjects and their JMH classes. A row of whole programs has no classes. */
enum Row {
    CALL(1, "call", "recursive fib(25), nothing suspends", "ns a call", "CallBenchmark"),
    LOOP(2, "loop", "sum of an int[64], a completed value awaited each round", "ns a round", "LoopKernelBenchmark"),
    SWITCH(3, "switch", "two tasks take turns with sleep(0)", "ns a switch", "SwitchBenchmark"),
    MANY(4, "many", "many tasks take turns with sleep(0)", "ns a switch", "ManySwitchBenchmark"),
    SPAWN(5, "spawn", "createTask, then await all", "ns a task", "SpawnBenchmark"),
    CHAIN(6, "chain", "a chain of coroutines that await each other", "ns a frame; OFTEN: a wake-up", "ChainBenchmark"),
    SKYNET(7, "skynet", "1,111,111 tasks, each the parent of ten", "ns a task", "SkynetBenchmark"),
    RING(8, "ring", "a token passed round 1,000 tasks", "ns a hop", "RingBenchmark"),
    QUEUE(9, "queue", "messages through queues", "ns a message", "PingPongBenchmark QueueBenchmark"),
    GATHER(10, "gather", "gather of many", "ns a child", "GatherBenchmark"),
    SLEEPERS(11, "sleepers", "tasks in sleep(10)", "", ""),
    TIMERS(12, "timers", "timeouts armed and cancelled", "ns a timer", "TimerBenchmark"),
    ECHO(13, "echo", "a server echoes messages over TCP", "", ""),
    CROSS(14, "cross", "a message from loop to loop", "ns a message", "CrossLoopBenchmark"),
    WORKERS(15, "workers", "the same work on one loop and on two", "ns a task", "WorkersBenchmark"),
    START(16, "start", "what the agent adds to the start of a JVM", "", ""),
    DEMO(17, "demo", "4 workers, 10,000 URLs in a shared queue, each takes 1 s", "s", "");

    private static final Path TIMES = Path.of("/proc/self/schedstat");

    private final int number;
    private final String key;
    private final String workload;
    private final String unit;
    private final String classes;

    Row(int number, String key, String workload, String unit, String classes) {
        this.number = number;
        this.key = key;
        this.workload = workload;
        this.unit = unit;
        this.classes = classes;
    }

    /** The row with that number or key, if there is one. */
    static Optional<Row> of(String name) {
        return Arrays.stream(values())
                .filter(row ->
                        row.key.equals(name) || Integer.toString(row.number).equals(name))
                .findFirst();
    }

    int number() {
        return number;
    }

    String key() {
        return key;
    }

    String workload() {
        return workload;
    }

    /** The unit of the row's values; empty if each variant has its own. */
    String unit() {
        return unit;
    }

    /** The simple names of the JMH classes. */
    List<String> classes() {
        return classes.isEmpty() ? List.of() : List.of(classes.split(" ", -1));
    }

    /** The peer by whose values the others are divided. */
    String subject() {
        return this == WORKERS ? "twoLoops" : "heddle";
    }

    /** The reason why the row cannot be measured on this machine, if there is one. */
    Optional<String> unavailable() {
        return this == ECHO && !Files.isReadable(TIMES)
                ? Optional.of("needs " + TIMES + ", the processor time of a thread, which Linux has")
                : Optional.empty();
    }
}

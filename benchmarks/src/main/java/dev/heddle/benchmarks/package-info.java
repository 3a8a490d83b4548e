/**
 * Benchmarks that measure Heddle, its floor and its peers in the same run. In every class the method {@code heddle}, or {@code twoLoops}, is the workload
 * on an event loop, {@code plain} the floor without Heddle, and each other method is named after the peer that does the same. To run one:
 *
 * <pre>{@code
 * java -javaagent:agent/target/heddle-agent.jar -jar benchmarks/target/heddle-benchmarks.jar -f 3 -prof gc CallBenchmark
 * }</pre>
 */
@NullMarked
package dev.heddle.benchmarks;

import org.jspecify.annotations.NullMarked;

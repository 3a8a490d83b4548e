// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.monitor;

/**
 * Exposes the {@link LoopStatistics} of an event loop as JMX attributes, for tools such as JConsole that observe a JVM from outside. Register a loop
 * with {@link LoopStatistics#register}. Each attribute is read at the moment at which a client asks for it. Times are in seconds.
 */
public interface LoopMXBean {

    /** See {@link LoopStatistics#ready}. */
    int getReady();

    /** See {@link LoopStatistics#tasks}. */
    int getTasks();

    /** See {@link LoopStatistics#timers}. */
    int getTimers();

    /** See {@link LoopStatistics#steps}. */
    long getSteps();

    /** See {@link LoopStatistics#busy}. */
    double getBusySeconds();

    /** See {@link LoopStatistics#idle}. */
    double getIdleSeconds();

    /** See {@link LoopStatistics#longestBusy}. */
    double getLongestBusySeconds();

    /** See {@link LoopStatistics#longestStep}. */
    double getLongestStepSeconds();
}

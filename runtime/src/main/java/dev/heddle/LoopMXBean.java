package dev.heddle;

/**
 * The {@link LoopStatistics} of a loop as attributes for JMX, for whoever looks at a JVM from outside. See {@link LoopStatistics#register}.
 * Times are in seconds.
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

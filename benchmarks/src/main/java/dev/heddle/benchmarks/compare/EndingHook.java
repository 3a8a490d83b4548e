package dev.heddle.benchmarks.compare;

/** What is done if the JVM ends, by Ctrl-C mostly, before this is closed. */
final class EndingHook implements AutoCloseable {

    private final Thread thread;

    EndingHook(Runnable action) {
        thread = new Thread(action);
        Runtime.getRuntime().addShutdownHook(thread);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException ending) {
            // The JVM ends, and the action is done or on its way.
        }
    }
}

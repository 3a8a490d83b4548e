/** Coroutines, tasks, futures and an event loop. */
module dev.heddle {
    requires static java.management;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;

    exports dev.heddle;
    exports dev.heddle.spi;
    exports dev.heddle.sync;
    exports dev.heddle.testing;
    exports dev.heddle.workers;
}

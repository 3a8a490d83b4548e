/** Coroutines, tasks, futures and an event loop. */
module dev.heddle {
    requires static org.jspecify;

    exports dev.heddle;
    exports dev.heddle.spi;
    exports dev.heddle.sync;
}

/** Coroutines, tasks, futures and an event loop. */
module dev.heddle {
    requires static java.management;
    requires static jdk.compiler;
    requires static org.jspecify;
    requires static org.junit.jupiter.api;
    requires static org.junit.platform.engine;

    exports dev.heddle;
    exports dev.heddle.woven;
    exports dev.heddle.sync;
    exports dev.heddle.monitor;
    exports dev.heddle.net;
    exports dev.heddle.process;
    exports dev.heddle.testing;
    exports dev.heddle.workers;
}

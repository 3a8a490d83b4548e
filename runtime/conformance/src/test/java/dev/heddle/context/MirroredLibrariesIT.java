package dev.heddle.context;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import dev.heddle.Async;
import dev.heddle.Context;
import dev.heddle.Coroutine;
import dev.heddle.Mirror;
import dev.heddle.ThreadState;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The thread-bound states of libraries for logging and tracing follow the task. */
@Timeout(60)
class MirroredLibrariesIT {

    private static final ContextKey<String> NAME = ContextKey.named("name");
    private static final ThreadLocal<String> USER = new ThreadLocal<>();

    private final Logger logger = (Logger) LoggerFactory.getLogger(MirroredLibrariesIT.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing(); // takes the MDC now, not when the test looks at it
            super.append(event);
        }
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
        MDC.clear();
    }

    @Async
    private Coroutine<Void> request(String id) {
        try (MDC.MDCCloseable closeable = MDC.putCloseable("request", id)) {
            logger.info("begins");
            await(sleep(0));
            logger.info("continues");
            await(createTask(child(id)));
            await(toThread(() -> {
                logger.info("in a thread");
                return "";
            }));
        }
        logger.info("ends");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> child(String parent) {
        MDC.put("child", parent);
        await(sleep(0));
        logger.info("child");
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> requests() {
        await(gather(request("1"), request("2")));
        logger.info("main");
        return Coroutine.done();
    }

    private void checkLog() {
        MDC.put("app", "shop");
        run(requests());
        assertEquals(Map.of("app", "shop"), MDC.getCopyOfContextMap());
        for (String id : List.of("1", "2")) {
            Map<String, String> own = Map.of("app", "shop", "request", id);
            assertEquals(
                    List.of("begins", "continues", "in a thread"),
                    appender.list.stream()
                            .filter(event -> event.getMDCPropertyMap().equals(own))
                            .map(ILoggingEvent::getMessage)
                            .toList());
            assertEquals(
                    List.of("child"),
                    appender.list.stream()
                            .filter(event ->
                                    event.getMDCPropertyMap().equals(Map.of("app", "shop", "request", id, "child", id)))
                            .map(ILoggingEvent::getMessage)
                            .toList());
        }
        assertEquals(
                List.of("ends", "ends", "main"),
                appender.list.stream()
                        .filter(event -> event.getMDCPropertyMap().equals(Map.of("app", "shop")))
                        .map(ILoggingEvent::getMessage)
                        .toList());
        assertEquals(11, appender.list.size());
    }

    @Test
    void mdcOfLogback() {
        assertInstanceOf(LogbackMDCAdapter.class, MDC.getMDCAdapter());
        try (Mirror mirror = Context.mirror(ThreadState.of(MDC::getCopyOfContextMap, MDC::setContextMap))) {
            checkLog();
        }
    }

    @Test
    void accessorsOfMicrometer() {
        ContextRegistry registry = ContextRegistry.getInstance();
        registry.registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        try (Mirror mirror = Context.mirrorMicrometer()) {
            checkLog();
            registry.registerThreadLocalAccessor("user", USER); // is mirrored, too
            run(users());
            assertEquals(null, USER.get());
        } finally {
            registry.removeThreadLocalAccessor("user");
            registry.removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
        }
    }

    @Async
    private static Coroutine<Void> users() {
        assertEquals(List.of("ann", "bob", "none"), await(gather(user("ann"), user("bob"), user(null))));
        assertEquals(null, USER.get());
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> user(String name) {
        if (name != null) {
            USER.set(name);
        }
        await(sleep(0));
        String there = await(toThread(USER::get));
        assertEquals(there, USER.get());
        return Coroutine.of(there == null ? "none" : there);
    }

    @Test
    void contextOfOpenTelemetry() {
        try (Mirror mirror = Context.mirror(ThreadState.of(
                io.opentelemetry.context.Context::current, io.opentelemetry.context.Context::makeCurrent))) {
            assertEquals(List.of("a", "b"), run(gathered()));
        }
        assertEquals(io.opentelemetry.context.Context.root(), io.opentelemetry.context.Context.current());
    }

    @Async
    private static Coroutine<List<String>> gathered() {
        List<String> names = await(gather(named("a"), named("b")));
        return Coroutine.of(names);
    }

    @Async
    private static Coroutine<String> named(String name) {
        String seen;
        try (Scope scope =
                io.opentelemetry.context.Context.current().with(NAME, name).makeCurrent()) {
            await(sleep(0));
            seen = io.opentelemetry.context.Context.current().get(NAME);
            assertEquals(
                    seen,
                    await(toThread(
                            () -> io.opentelemetry.context.Context.current().get(NAME))));
        }
        await(sleep(0));
        assertEquals(null, io.opentelemetry.context.Context.current().get(NAME));
        return Coroutine.of(seen);
    }

    @Test
    @Tag("slow")
    void spansUnderTheAgentOfOpenTelemetry(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-javaagent:" + agentOfOpenTelemetry(),
                        "-javaagent:" + System.getProperty("heddle.agent.jar"),
                        "-Dotel.traces.exporter=none",
                        "-Dotel.metrics.exporter=none",
                        "-Dotel.logs.exporter=none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracedProgram.class.getName())
                .redirectOutput(output.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        try {
            assertEquals(true, process.waitFor(60, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        String errors = Files.readString(directory.resolve("errors.txt"));
        assertEquals(
                "spans are recorded: true\nof one trace: true\nof traces of their own: true\nleft: false\n",
                Files.readString(output),
                errors);
    }

    private static String agentOfOpenTelemetry() {
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (each.contains("opentelemetry-javaagent")) {
                return each;
            }
        }
        throw new AssertionError("no agent of OpenTelemetry in the class path");
    }
}

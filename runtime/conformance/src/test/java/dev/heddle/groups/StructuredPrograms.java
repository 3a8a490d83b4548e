package dev.heddle.groups;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.taskGroup;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.cpython.Events.shown;
import static dev.heddle.traces.Steps.cleaning;
import static dev.heddle.traces.Steps.failing;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.ExceptionGroup;
import dev.heddle.TaskGroup;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Events;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import dev.heddle.traces.Sweep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Larger programs built of task groups: the counterpart of {@code structured.py}. */
public final class StructuredPrograms {

    private StructuredPrograms() {}

    private static final class Won extends Exception {
        private static final long serialVersionUID = 1;
    }

    @Async
    private static Coroutine<Void> racing(Events log, List<String> winners, String name, double delay) throws Won {
        winners.add(await(cleaning(log, name, delay, 0.25)));
        throw new Won();
    }

    @Sweep
    @Async
    static Coroutine<String> fastestOfAGroupWins(Events log) throws Exception {
        List<String> winners = new ArrayList<>();
        try {
            await(taskGroup(group -> {
                group.createTask(racing(log, winners, "a", 1));
                group.createTask(racing(log, winners, "b", 0.5));
                group.createTask(racing(log, winners, "c", 0.5));
                return Coroutine.done();
            }));
        } catch (ExceptionGroup won) {
            log.at(won.exceptions().stream().filter(Won.class::isInstance).count());
        }
        return Coroutine.of(String.join(" ", winners));
    }

    /** Visits pages that link to each other, two at a time. */
    private static final class Crawler {

        private static final Map<String, List<String>> PAGES = Map.of(
                "/", List.of("/a", "/b"),
                "/a", List.of("/c", "/"),
                "/b", List.of("/c", "/d"),
                "/c", List.of(),
                "/d", List.of());

        final Semaphore connections = new Semaphore(2);
        final List<String> seen = new ArrayList<>(List.of("/"));
        private final Events log;

        Crawler(Events log) {
            this.log = log;
        }

        @Async
        private Coroutine<List<String>> fetch(String page) {
            try (Lock.Held held = await(connections.acquire())) {
                log.at("fetch " + page);
                await(sleep(page.equals("/d") ? 2 : 0.25));
                return Coroutine.of(PAGES.get(page));
            }
        }

        @Async
        Coroutine<Void> visit(TaskGroup group, String page) throws Exception {
            List<String> links;
            try {
                links = await(timeout(Duration.ofMillis(750), limit -> fetch(page)));
            } catch (TimeoutException failure) {
                log.at(page + " " + shown(failure));
                return Coroutine.done();
            }
            for (String link : links) {
                if (!seen.contains(link)) {
                    seen.add(link);
                    group.createTask(visit(group, link));
                }
            }
            return Coroutine.done();
        }
    }

    @Sweep
    @Async
    static Coroutine<Void> crawlerWithAGroupAndALimit(Events log) throws Exception {
        Crawler crawler = new Crawler(log);
        try {
            await(taskGroup(group -> {
                group.createTask(crawler.visit(group, "/"));
                return Coroutine.done();
            }));
        } finally {
            log.at(List.of(crawler.seen, crawler.connections.locked()));
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> service(Events log, String name, int lives) {
        for (int life = 0; life < lives; life++) {
            try {
                await(failing(log, name + life, 0.5));
            } catch (IllegalArgumentException failure) {
                log.at(failure);
                await(sleep(0.25 * life));
            }
        }
        throw new IllegalArgumentException(name + " is lost");
    }

    @Sweep
    @Async
    static Coroutine<Void> supervisorRestartsWhatFails(Events log) throws Exception {
        await(taskGroup(group -> {
            group.createTask(service(log, "a", 2));
            group.createTask(service(log, "b", 3));
            return Coroutine.done();
        }));
        return Coroutine.done();
    }
}

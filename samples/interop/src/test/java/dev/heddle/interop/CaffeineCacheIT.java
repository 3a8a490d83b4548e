package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.TestLoop;
import java.io.IOException;
import java.util.List;

class CaffeineCacheIT {

    private final IOException offline = new IOException("offline");
    private boolean online = true;

    @Async
    private Coroutine<String> load(String key, EventRecorder events) throws IOException {
        events.at("load " + key);
        await(sleep(1));
        if (!online) {
            throw offline;
        }
        events.at("loaded");
        return Coroutine.of("value of " + key);
    }

    private CaffeineCache<String, String> cache(EventRecorder events) {
        return new CaffeineCache<>(key -> load(key, events));
    }

    @CoroutineTest
    void allWaitForOneLoad(TestLoop test, EventRecorder events) {
        CaffeineCache<String, String> cache = cache(events);
        test.run(() -> {
            assertEquals(List.of("value of a", "value of a"), await(gather(cache.get("a"), cache.get("a"))));
            assertEquals("value of a", await(cache.get("a")));
            return Coroutine.done();
        });
        events.assertEvents("load a@0", "loaded@1");
    }

    @CoroutineTest
    void aCancelledTaskLeavesTheEntryToTheOthers(TestLoop test, EventRecorder events) {
        CaffeineCache<String, String> cache = cache(events);
        test.run(() -> {
            Task<String> first = createTask(cache.get("a"));
            Task<String> second = createTask(cache.get("a"));
            await(sleep(0.5));
            first.cancel();
            await(assertFails(CancelledError.class, first));
            events.at("cancelled");
            assertEquals("value of a", await(second));
            return Coroutine.done();
        });
        events.assertEvents("load a@0", "cancelled@0.5", "loaded@1");
    }

    @CoroutineTest
    void failuresAreThrownAsTheyAreAndNotKept(TestLoop test, EventRecorder events) {
        CaffeineCache<String, String> cache = cache(events);
        online = false;
        test.run(() -> {
            assertSame(offline, await(assertFails(IOException.class, cache.get("a"))));
            online = true;
            assertEquals("value of a", await(cache.get("a")));
            return Coroutine.done();
        });
        events.assertEvents("load a@0", "load a@1", "loaded@2");
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.getRunningLoop;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.shared;
import static dev.heddle.Asyncio.sleep;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.AsyncSupplier;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;

/**
 * Caches the results of a slow coroutine with Caffeine. All tasks that ask for a key at the same time wait for one load. Prints one line for the load and one for each
 * of three tasks.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class CaffeineCache<K, V> {

    private final AsyncCache<K, V> cache =
            Caffeine.newBuilder().maximumSize(10_000).buildAsync();
    private final AsyncFunction<K, V> loader;

    CaffeineCache(AsyncFunction<K, V> loader) {
        this.loader = loader;
    }

    /**
     * Returns the value for {@code key}. The coroutine that loads it is a task of its own, and each caller awaits the entry with {@code shared}: a caller that is cancelled
     * leaves it to the others. Caffeine drops an entry whose load has failed.
     */
    @Async
    Coroutine<V> get(K key) {
        EventLoop loop = getRunningLoop();
        AsyncSupplier<V> load = () -> loader.apply(key);
        return Coroutine.of(await(shared(cache.get(key, (missing, executor) -> loop.submit(load)))));
    }

    @Async
    private static Coroutine<String> loadSlowly(String city) {
        System.out.println("loading " + city);
        await(sleep(1));
        return Coroutine.of("sunny in " + city);
    }

    @Async
    private static Coroutine<Void> ask(CaffeineCache<String, String> weather) {
        await(gather(print(weather), print(weather), print(weather)));
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> print(CaffeineCache<String, String> weather) {
        System.out.println(await(weather.get("Oslo")));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        run(ask(new CaffeineCache<>(CaffeineCache::loadSlowly)));
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.shared;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.async.RedisAsyncCommands;

/** Passes jobs through a list of the Redis at the URI given, or at port 6379, with Lettuce. Its futures are stages, which are awaited as they are. */
public final class RedisJobs {

    private RedisJobs() {}

    /** Adds two jobs, and returns the number of jobs that are waiting. Both commands are sent before the first answer has come. */
    @Async
    static Coroutine<Long> add(RedisAsyncCommands<String, String> redis, String first, String second) {
        var lengths = await(gather(redis.rpush("jobs", first), redis.rpush("jobs", second)));
        return Coroutine.of(lengths.get(1));
    }

    /**
     * Waits for a job and returns it. Redis holds {@code blocked} meanwhile, so that must be a connection of its own. If the task is cancelled, Lettuce alone would forget the
     * command, and Redis would remove a job later for nobody. So this ends the command, and gives back a job that came nevertheless.
     */
    @Async
    static Coroutine<String> take(
            RedisAsyncCommands<String, String> blocked, RedisAsyncCommands<String, String> redis) {
        long id = await(blocked.clientId());
        RedisFuture<KeyValue<String, String>> job = blocked.blpop(0, "jobs");
        try {
            return Coroutine.of(await(shared(job)).getValue());
        } catch (CancelledError cancelled) {
            await(redis.clientUnblock(id, UnblockType.TIMEOUT));
            KeyValue<String, String> late = await(job);
            if (late != null) {
                await(redis.lpush("jobs", late.getValue()));
            }
            throw cancelled;
        }
    }

    @Async
    private static Coroutine<Void> show(
            RedisAsyncCommands<String, String> blocked, RedisAsyncCommands<String, String> redis) {
        Task<String> first = createTask(take(blocked, redis));
        System.out.println(await(add(redis, "weave", "dye")) + " jobs are waiting");
        System.out.println("took " + await(first) + " and " + await(take(blocked, redis)));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        RedisClient client = RedisClient.create(args.length == 0 ? "redis://localhost" : args[0]);
        run(show(client.connect().async(), client.connect().async()));
        client.shutdown();
    }
}

package dev.heddle.sync.semaphore;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.sync.BoundedSemaphore;
import dev.heddle.sync.Lock;
import dev.heddle.sync.Semaphore;
import dev.heddle.sync.random.Line;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.Random;

/** At most as many tasks hold permits as the semaphore has. Tasks acquire them in the order of arrival. */
public final class SemaphoreUse extends RandomUse {

    private final Line line = new Line();
    private final Semaphore semaphore;
    private final boolean bounded;
    private int permits;
    private int inside;

    public SemaphoreUse(Random random) {
        super(random);
        permits = random.nextInt(4);
        bounded = permits > 0 && random.nextBoolean();
        semaphore = bounded ? new BoundedSemaphore(permits) : new Semaphore(permits);
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        boolean closing = random.nextBoolean();
        line.enter(user);
        Lock.Held held;
        try {
            held = await(semaphore.acquire());
        } catch (CancelledError error) {
            line.leave(user);
            throw error;
        }
        try {
            line.served(user);
            inside++;
            check(inside <= permits, "more than " + permits + " are inside", semaphore);
            await(pause());
        } finally {
            inside--;
            if (closing) {
                held.close();
                held.close();
            } else {
                semaphore.release();
            }
        }
        return Coroutine.done();
    }

    @Override
    protected void act() {
        if (!bounded && random.nextInt(4) == 0) {
            permits++;
            semaphore.release();
        }
    }

    @Override
    protected void checkQuiet() {
        check(inside == 0, "somebody is inside", semaphore);
        check(line.isEmpty() || permits == 0, "lost wake-up", semaphore, line);
        check(permits == 0 || semaphore.toString().endsWith(" permits=" + permits + ">"), "lost permit", semaphore);
    }

    @Override
    protected void end() {
        if (permits == 0) {
            permits++;
            semaphore.release();
        }
    }

    @Override
    protected void checkEnd() {
        check(semaphore.toString().endsWith(" unlocked permits=" + permits + ">"), "left behind:", semaphore);
    }
}

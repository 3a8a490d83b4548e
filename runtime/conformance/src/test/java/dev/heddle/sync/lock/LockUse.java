package dev.heddle.sync.lock;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.sync.Lock;
import dev.heddle.sync.random.Line;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.Random;

/** One task at a time holds a lock. Tasks acquire it in the order of arrival. */
public final class LockUse extends RandomUse {

    private final Lock lock = new Lock();
    private final Line line = new Line();
    private int inside;

    public LockUse(Random random) {
        super(random);
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        boolean closing = random.nextBoolean();
        line.enter(user);
        Lock.Held held;
        try {
            held = await(lock.acquire());
        } catch (CancelledError error) {
            line.leave(user);
            throw error;
        }
        try {
            line.served(user);
            inside++;
            check(inside == 1, "more than one has it", lock);
            await(pause());
        } finally {
            inside--;
            if (closing) {
                held.close();
            } else {
                lock.release();
            }
            if (random.nextBoolean()) {
                held.close();
            }
        }
        return Coroutine.done();
    }

    @Override
    protected void act() {}

    @Override
    protected void checkQuiet() {
        check(line.isEmpty() && !lock.locked(), "lost wake-up", lock, line);
    }

    @Override
    protected void end() {}

    @Override
    protected void checkEnd() {
        check(lock.toString().equals("<Lock unlocked>"), "left behind:", lock);
    }
}

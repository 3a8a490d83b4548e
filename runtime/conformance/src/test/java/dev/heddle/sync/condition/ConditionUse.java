package dev.heddle.sync.condition;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.sync.Condition;
import dev.heddle.sync.Lock;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.Random;

/** Tasks put things into a place and take them out while they hold the lock of a condition. Each notification is for one thing. */
public final class ConditionUse extends RandomUse {

    private static final int NOBODY = 0;

    private final Condition condition = new Condition();
    private int things;
    private int waiting;
    private int owner = NOBODY;
    private boolean ending;

    public ConditionUse(Random random) {
        super(random);
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        boolean putting = random.nextBoolean();
        try (Lock.Held held = await(condition.acquire())) {
            own(user);
            try {
                await(pause());
                if (putting) {
                    things++;
                    condition.notifyWaiters(1);
                } else {
                    await(takeOne(user));
                }
                await(pause());
            } finally {
                check(owner == user.name, "another has the lock:", owner, user);
                owner = NOBODY;
            }
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> takeOne(User user) {
        waiting++;
        owner = NOBODY;
        try {
            await(condition.waitUntil(() -> things > 0 || ending));
        } finally {
            own(user);
            waiting--;
        }
        if (things > 0) {
            things--;
        }
        return Coroutine.done();
    }

    private void own(User user) {
        check(condition.locked() && owner == NOBODY, "two have the lock:", owner, user);
        owner = user.name;
    }

    @Override
    protected void act() {
        if (condition.locked() && random.nextInt(4) == 0) {
            condition.notifyWaiters(random.nextInt(3));
        }
    }

    @Override
    protected void checkQuiet() {
        check(!condition.locked() && owner == NOBODY, "somebody has the lock", condition);
        check(things == 0 || waiting == 0, "lost notification: things " + things, condition);
        check(waiting == 0 || condition.toString().endsWith(" waiters=" + waiting + ">"), "waiters", condition);
    }

    @Override
    protected void end() {
        ending = true;
        check(!condition.locked(), "somebody has the lock", condition);
        createTask(notifyAll(condition));
    }

    @Async
    private static Coroutine<Void> notifyAll(Condition condition) {
        try (Lock.Held held = await(condition.acquire())) {
            condition.notifyAllWaiters();
        }
        return Coroutine.done();
    }

    @Override
    protected void checkEnd() {
        check(condition.toString().equals("<Condition unlocked>"), "left behind:", condition);
    }
}

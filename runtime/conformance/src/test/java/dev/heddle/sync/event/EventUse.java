package dev.heddle.sync.event;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.sync.Event;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** A task that waits for an event continues if and only if the event was set meanwhile. */
public final class EventUse extends RandomUse {

    private final Event event = new Event();

    /** The waiting users, and how often the event had been set before they came. */
    private final Map<User, Integer> waiting = new HashMap<>();

    private int sets;

    public EventUse(Random random) {
        super(random);
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        boolean set = event.isSet();
        int before = sets;
        waiting.put(user, before);
        try {
            check(await(event.waitSet()), "gave false", event);
            check(set || sets > before, "went on although it was not set", event);
        } finally {
            waiting.remove(user);
        }
        await(pause());
        return Coroutine.done();
    }

    @Override
    protected void act() {
        if (random.nextInt(3) == 0) {
            set();
        } else {
            event.clear();
        }
    }

    private void set() {
        sets += event.isSet() ? 0 : 1;
        event.set();
    }

    @Override
    protected void checkQuiet() {
        check(waiting.isEmpty() || !event.isSet(), "lost wake-up", event, waiting);
        check(waiting.values().stream().allMatch(before -> before == sets), "missed a set", event, waiting);
        check(waiting.isEmpty() || event.toString().endsWith(" waiters=" + waiting.size() + ">"), "waiters", event);
    }

    @Override
    protected void end() {
        set();
    }

    @Override
    protected void checkEnd() {
        check(event.toString().equals("<Event set>"), "left behind:", event);
    }
}

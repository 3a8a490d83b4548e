package dev.heddle.sync.queue;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.sync.Queue;
import dev.heddle.sync.QueueShutDownException;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A queue holds the same items as a list would, and no task waits in vain. */
public final class QueueUse extends RandomUse {

    private enum Order {
        FIFO,
        LIFO,
        PRIORITY
    }

    private final Order order;
    private final Queue<Integer> queue;

    /** The items, in the order in which they were put. */
    private final List<Integer> model = new ArrayList<>();

    private int nextItem;
    private int unfinished;
    private int getting;
    private int putting;
    private int joining;
    private boolean shutDown;

    public QueueUse(Random random) {
        super(random);
        order = Order.values()[random.nextInt(3)];
        int maxSize = random.nextInt(4);
        queue = switch (order) {
            case FIFO -> Queue.fifo(maxSize);
            case LIFO -> Queue.lifo(maxSize);
            case PRIORITY -> Queue.priority(maxSize, Comparator.naturalOrder());
        };
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        int choice = random.nextInt(9);
        try {
            if (choice < 4) {
                await(put());
            } else if (choice < 8) {
                await(get());
            } else {
                await(join());
            }
        } catch (QueueShutDownException e) {
            check(shutDown, "not shut down", queue);
        }
        await(pause());
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> put() {
        int item = random.nextInt(1000) * 10_000 + nextItem++;
        putting++;
        try {
            await(queue.put(item));
            added(item);
        } finally {
            putting--;
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> get() {
        getting++;
        try {
            removed(await(queue.get()));
        } finally {
            getting--;
        }
        try {
            await(pause());
        } finally {
            done();
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> join() {
        joining++;
        try {
            await(queue.join());
        } finally {
            joining--;
        }
        return Coroutine.done();
    }

    private void added(int item) {
        model.add(item);
        unfinished++;
        check(queue.size() == model.size(), "has not the items", queue, model);
        check(queue.maxSize() == 0 || model.size() <= queue.maxSize(), "more items than there is room", queue);
    }

    private void removed(int item) {
        Integer expected = switch (order) {
            case FIFO -> model.get(0);
            case LIFO -> model.get(model.size() - 1);
            case PRIORITY -> Collections.min(model);
        };
        check(expected == item, "wrong item " + item + " instead of", expected, queue);
        model.remove(expected);
    }

    private void done() {
        unfinished--;
        queue.taskDone();
    }

    @Override
    protected void act() {
        if (random.nextBoolean()) {
            if (!queue.isFull()) {
                queue.putNow(++nextItem);
                added(nextItem);
            }
        } else if (!queue.isEmpty()) {
            removed(queue.getNow());
            done();
        }
    }

    @Override
    protected void checkQuiet() {
        check(queue.size() == model.size(), "lost items", queue, model);
        check(getting == 0 || queue.isEmpty(), "lost wake-up of a get", queue);
        check(putting == 0 || queue.isFull(), "lost wake-up of a put", queue);
        check(joining == 0 || unfinished > 0, "lost wake-up of a join", queue);
        check(queue.toString().equals(describe()), "counts differ from " + describe(), queue);
    }

    private String describe() {
        String limit = queue.maxSize() > 0 ? "/" + queue.maxSize() : "";
        return "<Queue " + order.name().toLowerCase(Locale.ROOT) + " size=" + model.size() + limit
                + (getting > 0 ? " getters=" + getting : "") + (putting > 0 ? " putters=" + putting : "")
                + (unfinished > 0 ? " unfinished=" + unfinished : "") + ">";
    }

    @Override
    protected void end() {
        shutDown = true;
        boolean immediate = random.nextBoolean();
        if (immediate) {
            unfinished -= model.size();
            model.clear();
        }
        queue.shutdown(immediate);
        while (!queue.isEmpty()) {
            removed(queue.getNow());
            done();
        }
    }

    @Override
    protected void checkEnd() {
        check(model.isEmpty() && unfinished == 0, "lost items", queue, model);
        check(getting + putting + joining == 0, "left behind:", queue);
    }
}

package dev.heddle.sync.random;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random program: tasks that use one primitive, and a driver that starts and cancels them. Whenever nothing more can run, the primitive is
 * compared with a model: no task may wait for something that is available.
 */
public abstract class RandomUse {

    /** Makes all choices of the program. */
    protected final Random random;

    /** The number of uses that have ended, with any outcome. */
    long uses;

    /** The number of uses that were cancelled. */
    long cancelled;

    private final boolean cancelling;
    private final List<Task<Void>> running = new ArrayList<>();
    private final List<Task<Void>> tasks = new ArrayList<>();
    private int started;

    protected RandomUse(Random random) {
        this.random = random;
        this.cancelling = random.nextInt(4) > 0;
    }

    /** Uses the primitive once as {@code user}. If the use is cancelled, it removes the user from the waiting ones. */
    protected abstract Coroutine<Void> use(User user);

    /** Operates on the primitive outside of any task. */
    protected abstract void act();

    /** Checks the primitive when nothing can run. */
    protected abstract void checkQuiet();

    /** Ensures that every waiting task eventually continues. */
    protected abstract void end();

    /** Checks the primitive when all tasks have ended. */
    protected abstract void checkEnd();

    /** Whether tasks are cancelled in this program. */
    protected final boolean isCancelling() {
        return cancelling;
    }

    /** Runs this program. */
    final void run() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(drive());
        }
    }

    @Async
    private Coroutine<Void> drive() {
        for (int rounds = 1 + random.nextInt(6); rounds > 0; rounds--) {
            for (int turns = 1 + random.nextInt(10); turns > 0; turns--) {
                for (int steps = random.nextInt(5); steps > 0; steps--) {
                    step();
                }
                await(sleep(0));
            }
            await(sleep(1000)); // longer than all pauses: a task that is not done waits for another one
            checkQuiet();
        }
        end();
        await(sleep(1000));
        for (Task<Void> task : tasks) {
            if (!task.isDone()) {
                throw new AssertionError("waits for ever: " + task);
            }
            if (!task.isCancelled()) {
                task.result();
            }
        }
        checkEnd();
        return Coroutine.done();
    }

    private void step() {
        running.removeIf(Task::isDone);
        int choice = random.nextInt(10);
        if (choice < 4 && running.size() < 10) {
            Task<Void> task = createTask(useSeveralTimes(new User()));
            running.add(task);
            tasks.add(task);
        } else if (choice < 7 && cancelling && !running.isEmpty()) {
            running.get(random.nextInt(running.size())).cancel();
        } else {
            act();
        }
    }

    @Async
    private Coroutine<Void> useSeveralTimes(User user) {
        user.name = ++started;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            user.start();
            try {
                await(use(user));
            } catch (CancelledError error) {
                cancelled++;
                if (random.nextInt(3) > 0) {
                    throw error;
                }
            } finally {
                uses++;
            }
        }
        return Coroutine.done();
    }

    /** Lets some turns or some time pass. */
    @Async
    protected final Coroutine<Void> pause() {
        int kind = random.nextInt(8);
        for (int turns = kind / 2; turns > 0; turns--) {
            await(sleep(0));
        }
        if (kind == 7) {
            await(sleep(1 + random.nextInt(3)));
        }
        return Coroutine.done();
    }

    protected static void check(boolean condition, String problem, Object... about) {
        if (!condition) {
            StringBuilder text = new StringBuilder(problem);
            for (Object each : about) {
                text.append(' ').append(each);
            }
            throw new AssertionError(text);
        }
    }
}

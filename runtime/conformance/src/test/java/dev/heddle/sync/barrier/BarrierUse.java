package dev.heddle.sync.barrier;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BrokenBarrierException;
import dev.heddle.sync.random.RandomUse;
import dev.heddle.sync.random.User;
import java.util.Random;
import java.util.stream.IntStream;

/** Once all parties have arrived at a barrier, they continue together, each with its own index. */
public final class BarrierUse extends RandomUse {

    private final Barrier barrier;
    private final int[] passed;
    private int waiting;
    private boolean disturbed;

    public BarrierUse(Random random) {
        super(random);
        barrier = new Barrier(1 + random.nextInt(4));
        passed = new int[barrier.parties()];
        disturbed = isCancelling();
    }

    @Override
    @Async
    protected Coroutine<Void> use(User user) {
        waiting++;
        try {
            int index = await(barrier.arrive());
            passed[index]++;
            int trips = passed[passed.length - 1];
            check(IntStream.of(passed).sum() <= trips * passed.length, "went on before the last has come", barrier);
            check(disturbed || passed[index] <= trips, "two with one index: " + index, barrier);
        } catch (BrokenBarrierException e) {
            check(disturbed, "broken for no reason", barrier);
        } finally {
            waiting--;
        }
        await(pause());
        return Coroutine.done();
    }

    @Override
    protected void act() {
        int choice = random.nextInt(12);
        if (choice < 2) {
            disturbed = true;
            barrier.reset();
        } else if (choice == 2) {
            disturbed = true;
            barrier.abort();
        }
    }

    @Override
    protected void checkQuiet() {
        check(waiting == barrier.waiting(), "lost wake-up: waiting " + waiting, barrier);
        check(waiting < barrier.parties(), "all are here and wait", barrier);
        for (int count : passed) {
            check(disturbed || count == passed[0], "not all went on", barrier);
        }
    }

    @Override
    protected void end() {
        disturbed = true;
        barrier.abort();
    }

    @Override
    protected void checkEnd() {
        check(waiting == 0, "left behind: " + waiting, barrier);
        barrier.reset();
        check(barrier.toString().startsWith("<Barrier filling waiting=0/"), "left behind:", barrier);
    }
}

package dev.heddle.process;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Blocks.raised;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Host;
import dev.heddle.Poller;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of a loop that is a guest, and of one that sleeps in a poller of the program, with both kinds of pipes. */
@ParameterizedClass
@CsvSource({"GUEST, true", "GUEST, false", "POLLER, true", "POLLER, false"})
class SubprocessOnOtherLoopsIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** What runs the loop. */
    enum Kind {
        GUEST,
        POLLER
    }

    @Parameter(0)
    Kind kind;

    /** Whether the processes get pipes by name, if the system has such names. */
    @Parameter(1)
    boolean named;

    private final boolean before = PipeNames.available;

    @BeforeEach
    void choosePipes() {
        PipeNames.available = before && named;
    }

    @AfterEach
    void restorePipes() {
        PipeNames.available = before;
    }

    /** A loop and what runs it. */
    private abstract static class Driver implements AutoCloseable {

        abstract EventLoop loop();

        abstract <T> T run(AsyncSupplier<T> body) throws Exception;

        @Override
        public abstract void close() throws Exception;
    }

    @Async
    private static <T> Coroutine<T> call(AsyncSupplier<T> body) throws Exception {
        return Coroutine.of(await(body.get()));
    }

    /** The loop is a guest in the thread of an executor. */
    private static final class Guest extends Driver implements Host {

        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final EventLoop loop = EventLoop.guestOf(this);

        @Override
        public void execute(Runnable turn) {
            thread.execute(turn);
        }

        @Override
        public Runnable executeLater(long nanos, Runnable turn) {
            ScheduledFuture<?> scheduled = thread.schedule(turn, nanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }

        @Override
        EventLoop loop() {
            return loop;
        }

        @Override
        <T> T run(AsyncSupplier<T> body) throws Exception {
            return Asyncio.runCoroutineThreadsafe(call(body), loop).get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws Exception {
            CompletableFuture.runAsync(loop::close, thread).get(60, TimeUnit.SECONDS);
            thread.shutdown();
        }
    }

    /** The loop sleeps until it gets a permit. */
    private static final class Sleeper extends Driver implements Poller {

        private final Semaphore permits = new Semaphore(0);
        private final EventLoop loop = EventLoop.create(this);

        @Override
        public void block(long nanos) {
            try {
                if (permits.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                    permits.drainPermits();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void poll() {
            // A wake-up is all that happens, and it is for a loop that sleeps.
        }

        @Override
        public void wake() {
            permits.release();
        }

        @Override
        EventLoop loop() {
            return loop;
        }

        @Override
        <T> T run(AsyncSupplier<T> body) {
            return loop.runUntilComplete(body);
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    private Driver driver() {
        return kind == Kind.GUEST ? new Guest() : new Sleeper();
    }

    private <T> T run(AsyncSupplier<T> body) throws Exception {
        try (Driver driver = driver()) {
            return driver.run(body);
        }
    }

    private static byte[] pattern(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    @Test
    void linesGoInAndComeOut() throws Exception {
        run(() -> {
            Subprocess cat = await(Subprocess.exec("cat"));
            for (int i = 0; i < 100; i++) {
                await(cat.stdin().write(("line " + i + "\n").getBytes(UTF_8)));
                assertEquals("line " + i, await(cat.stdout().readLine()));
            }
            await(cat.stdin().shutdownOutput());
            assertNull(await(cat.stdout().readLine()));
            assertEquals(0, await(waitFor(cat.exit(), LONG)));
            return Coroutine.done();
        });
    }

    @Test
    void megabytesPassOnBothPipes() throws Exception {
        byte[] much = pattern(3_000_000);
        ProcessResult result = run(() -> await(Subprocess.exec("cat")).communicate(much));
        assertArrayEquals(much, result.output());
        ProcessResult both = run(() -> await(Subprocess.shell("head -c 300000 /dev/zero >&2; cat; exit 3"))
                .communicate(much));
        assertArrayEquals(much, both.output());
        assertEquals(300_000, both.errors().length);
        assertEquals(3, both.exitCode());
    }

    @Test
    void severalProcessesAtOnce() throws Exception {
        run(() -> {
            await(gather(echo(1), echo(2), echo(3), echo(4), echo(5)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> echo(int number) throws IOException {
        Subprocess process = await(Subprocess.exec("echo", "number " + number));
        assertEquals("number " + number + "\n", await(process.communicate(null)).outputText());
        return Coroutine.done();
    }

    @Test
    void cancelledReadsLoseNoByte() throws Exception {
        run(() -> {
            Subprocess cat = await(Subprocess.exec("cat"));
            for (int turns = 0; turns < 4; turns++) {
                Task<byte[]> reading = createTask(cat.stdout().readExactly(6));
                await(cat.stdin().write("abc".getBytes(UTF_8)));
                for (int i = 0; i < turns; i++) {
                    await(sleep(0));
                }
                reading.cancel();
                await(raised(CancelledError.class, reading));
                await(cat.stdin().write("def".getBytes(UTF_8)));
                assertEquals("abcdef", new String(await(cat.stdout().readExactly(6)), UTF_8));
            }
            cat.close();
            return Coroutine.done();
        });
    }

    @Test
    void timeOutKills() throws Exception {
        assertEquals(137, run(() -> {
            Subprocess process = await(Subprocess.exec("sleep", "3600"));
            Coroutine<ProcessResult> all = waitFor(process.communicate(null), Duration.ofMillis(1));
            await(raised(TimeoutException.class, all));
            return waitFor(process.exit(), LONG);
        }));
    }

    @Test
    void closingTheLoopKillsItsProcesses() throws Exception {
        long pid;
        try (Driver driver = driver()) {
            pid = driver.run(() -> {
                Subprocess process = await(Subprocess.exec("sleep", "3600"));
                return Coroutine.of(process.pid());
            });
            assertTrue(ProcessHandle.of(pid).isPresent());
            assertTrue(!driver.loop().isClosed());
        }
        Optional<ProcessHandle> left = ProcessHandle.of(pid);
        if (left.isPresent()) {
            left.get().onExit().get(60, TimeUnit.SECONDS);
        }
    }
}

package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a test can set of a pair of connections in memory. */
class MemoryPairIT {

    private static final int EXCHANGES = 10;

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    /** Answers each line with itself, until the client ends its output. */
    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        String line = await(connection.readLine());
        while (line != null) {
            await(connection.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
            line = await(connection.readLine());
        }
        connection.close();
        return Coroutine.done();
    }

    /** Sends lines and reads the answers, and returns how many there were. */
    @Async
    private static Coroutine<Integer> ask(Connection connection, List<String> answers) throws IOException {
        for (int i = 0; i < EXCHANGES; i++) {
            await(connection.write(("line " + i + "\n").getBytes(StandardCharsets.UTF_8)));
            answers.add(String.valueOf(await(connection.readLine())));
        }
        connection.close();
        return Coroutine.of(answers.size());
    }

    @Test
    void latencyTakesVirtualTimeForEachDirection() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create().latency(Duration.ofSeconds(2));
            Task<Void> server = createTask(echo(pair.second()));
            assertEquals(EXCHANGES, await(ask(pair.first(), new ArrayList<>())));
            assertEquals(EXCHANGES * 4.0, Asyncio.getRunningLoop().time(), 1e-6);
            await(server);
            return Coroutine.done();
        });
    }

    /** Breaks the connection after each byte of the conversation: both sides learn of it, and nobody waits for ever. */
    @Test
    void resetReachesBothEndsAtEveryByte() {
        int length = EXCHANGES * "line 0\n".length();
        for (int piece : List.of(1, 3, 1_000)) {
            for (int bytes = 0; bytes < length; bytes++) {
                int after = bytes;
                loop.runUntilComplete(() -> {
                    MemoryPair pair = MemoryPair.create().pieces(piece);
                    pair.resetAfter(after);
                    Task<Void> server = createTask(echo(pair.second()));
                    List<String> answers = new ArrayList<>();
                    int failures = 0;
                    try {
                        await(ask(pair.first(), answers));
                    } catch (ConnectionResetException expected) {
                        failures++;
                    }
                    try {
                        await(ended(server));
                    } catch (ConnectionResetException expected) {
                        failures++;
                    }
                    assertEquals(2, failures, "after byte " + after);
                    assertTrue(answers.size() <= after / 7);
                    return Coroutine.done();
                });
            }
        }
    }

    @Async
    private static Coroutine<Void> ended(Task<Void> task) throws IOException {
        return Coroutine.of(await(task));
    }

    @Test
    void fullPairMakesTheWriterWait() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create().capacity(10);
            Task<Void> writing = createTask(pair.first().write(new byte[25]));
            await(Asyncio.sleep(1));
            assertEquals(10, await(pair.second().readExactly(10)).length);
            assertTrue(!writing.isDone());
            assertEquals(15, await(pair.second().readExactly(15)).length);
            await(writing);
            return Coroutine.done();
        });
    }

    @Test
    void moreCapacityLetsTheWriterGoOn() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create().capacity(10);
            Task<Void> writing = createTask(pair.first().write(new byte[25]));
            await(Asyncio.sleep(1));
            assertTrue(!writing.isDone());
            pair.capacity(25);
            await(writing);
            assertEquals(25, await(pair.second().readExactly(25)).length);
            return Coroutine.done();
        });
    }

    @Test
    void badSettingsAreRefused() {
        loop.runUntilComplete(() -> {
            MemoryPair pair = MemoryPair.create();
            assertThrows(IllegalArgumentException.class, () -> pair.latency(Duration.ofMillis(-1)));
            assertThrows(IllegalArgumentException.class, () -> pair.pieces(0));
            assertThrows(IllegalArgumentException.class, () -> pair.capacity(0));
            assertThrows(IllegalArgumentException.class, () -> pair.resetAfter(-1));
            assertThrows(IllegalArgumentException.class, () -> MemoryPair.create(0));
            return Coroutine.done();
        });
    }
}

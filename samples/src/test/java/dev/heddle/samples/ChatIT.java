package dev.heddle.samples;

import static dev.heddle.Asyncio.allTasks;
import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.currentTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChatIT {

    @Test
    void twoPeopleTalk() throws Exception {
        run(talk());
    }

    @Async
    private static Coroutine<Void> talk() throws IOException {
        try (Server server = await(Chat.open(0));
                Connection ann = await(Net.connect(server.localAddress()));
                Connection bob = await(Net.connect(server.localAddress()))) {
            await(ann.write("ann\n"));
            assertEquals("Your name? ann joins", await(ann.readLine()));
            await(bob.write("\nann\nbob\r\n")); // the first two are refused
            assertEquals("Your name? Your name? Your name? bob joins", await(bob.readLine()));
            assertEquals("bob joins", await(ann.readLine()));
            await(ann.write("hello, b\u00f6b\n"));
            assertEquals("ann: hello, b\u00f6b", await(bob.readLine()));
            assertEquals("ann: hello, b\u00f6b", await(ann.readLine()));
            await(bob.shutdownOutput());
            assertEquals("bob leaves", await(ann.readLine()));
            assertEquals(null, await(bob.readLine()));
        }
        return Coroutine.done();
    }

    /** A reset while the name is asked, and one after a line could not be sent. */
    @Test
    void aResetIsNoFailure() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> reset());
        }
    }

    @Async
    private static Coroutine<Void> reset() throws IOException {
        Chat chat = new Chat();
        MemoryPair nameless = MemoryPair.create();
        Task<Void> asked = createTask(chat.visit(nameless.second()));
        await(sleep(1));
        nameless.reset();
        await(asked);

        MemoryPair ann = MemoryPair.create();
        Task<Void> visit = createTask(chat.visit(ann.second()));
        await(ann.first().write("ann\n"));
        await(sleep(1));
        Set<Task<?>> sender = new HashSet<>(allTasks());
        sender.removeAll(List.of(visit, Objects.requireNonNull(currentTask())));
        assertEquals(1, sender.size());
        await(ann.second().shutdownOutput()); // the next line cannot be sent
        await(ann.first().write("hello\n"));
        await(sleep(1));
        ann.reset();
        await(visit);
        for (Task<?> each : sender) {
            assertTrue(each.isCancelled() || each.exception() == null);
        }
        return Coroutine.done();
    }

    /** Someone ends the output and does not read: the end of the visit does not wait for that. */
    @Test
    void theEndOfAVisitWaitsForNobody() {
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> endWithoutReading());
        }
    }

    @Async
    private static Coroutine<Void> endWithoutReading() throws IOException {
        MemoryPair ann = MemoryPair.create().capacity(20);
        Task<Void> visit = createTask(new Chat().visit(ann.second()));
        await(ann.first().write("ann\n"));
        await(sleep(1));
        await(ann.first().shutdownOutput());
        await(waitFor(visit, Duration.ofSeconds(1)));
        assertTrue(ann.second().isClosed());
        return Coroutine.done();
    }

    @Test
    void someoneWhoDoesNotReadStallsNobody() throws Exception {
        run(talkMuch());
    }

    @Async
    private static Coroutine<Void> talkMuch() throws IOException {
        String line = "x".repeat(20_000);
        try (Server server = await(Chat.open(0));
                Connection deaf = await(Net.connect(server.localAddress()));
                Connection ann = await(Net.connect(server.localAddress()))) {
            await(deaf.write("deaf\n"));
            assertEquals("Your name? deaf joins", await(deaf.readLine()));
            await(ann.write("ann\n"));
            assertEquals("Your name? ann joins", await(ann.readLine()));
            for (int i = 0; i < 800; i++) { // 16 MB, more than the buffers of the system take
                await(ann.write(line + "\n"));
                assertEquals("ann: " + line, await(ann.readLine()));
            }
            deaf.close();
            assertEquals("deaf leaves", await(ann.readLine()));
        }
        return Coroutine.done();
    }
}

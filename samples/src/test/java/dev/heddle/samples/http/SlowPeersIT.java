package dev.heddle.samples.http;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.testing.MemoryPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that read slowly or not at all, in memory and in virtual time. */
class SlowPeersIT {

    private static final Duration HOUR = Duration.ofHours(1);

    private final EventLoop loop = EventLoop.virtualTime();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aReadThatTimesOutLeavesItsBufferAsItWas() {
        loop.runUntilComplete(() -> {
            Body body = new LengthBody(MemoryPair.create().first(), 5);
            ByteBuffer target = ByteBuffer.allocate(100);
            try {
                await(waitFor(body.read(target), HOUR));
                throw new AssertionError("nothing was sent");
            } catch (TimeoutException expected) {
                assertEquals(100, target.remaining());
            }
            return Coroutine.done();
        });
    }

    /** Each part has a time limit of its own, however large the content is. */
    @Test
    void servesAClientThatReadsSlowly() {
        loop.runUntilComplete(() -> readSlowly());
    }

    @Async
    private Coroutine<Void> readSlowly() throws IOException {
        MemoryPair pair = MemoryPair.create();
        MessageWriter writer = new MessageWriter(pair.second(), Duration.ofSeconds(30));
        Content content = Content.of("text/plain", new byte[1 << 20]);
        Task<Void> writing = createTask(writer.message("HTTP/1.1 200 OK", new Headers(), content, true));
        ByteBuffer part = ByteBuffer.allocate(32 << 10);
        int received = 0;
        while (received < 1 << 20) {
            await(sleep(10));
            received += await(pair.first().read(part.clear()));
        }
        await(writing);
        return Coroutine.done();
    }

    /** The end of the last response is with the connection when the handler has ended, and the client does not read it. */
    @Test
    void dropsAClientThatDoesNotReadTheLastResponse() {
        loop.runUntilComplete(() -> pipelineAndStopReading());
    }

    @Async
    private Coroutine<Void> pipelineAndStopReading() throws IOException {
        Handler handler = request -> Coroutine.of(Response.ok(Content.text("done")));
        HttpServer server = new HttpServer(handler, new Statistics(), Limits.DEFAULT, TimeOuts.DEFAULT);
        MemoryPair pair = MemoryPair.create();
        await(pair.first()
                .write("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        pair.capacity(200); // room for one response and a half
        await(waitFor(server.serve(pair.second()), HOUR));
        assertTrue(pair.second().isClosed());
        assertEquals(31, loop.time(), 1e-6);
        return Coroutine.done();
    }
}

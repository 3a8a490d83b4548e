package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.workers.Workers;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GrpcGreeterIT {

    private final CompletableFuture<String> called = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Workers workers = Workers.start(1);
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .addService(GrpcGreeter.service(workers.loops().get(0), this::handle))
                .build()
                .start();
        channel = channelTo(server.getPort());
    }

    private static ManagedChannel channelTo(int port) {
        return Grpc.newChannelBuilder("localhost:" + port, InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        server.shutdownNow().awaitTermination();
        workers.close();
    }

    /** Greets, fails, or waits until the task is cancelled. */
    @Async
    private Coroutine<String> handle(String name) throws StatusException {
        if (name.isEmpty()) {
            throw Status.INVALID_ARGUMENT.withDescription("nobody to greet").asException();
        }
        if (name.equals("silence")) {
            called.complete("called");
            try {
                await(sleep(Duration.ofDays(1)));
            } catch (CancelledError cancelled) {
                ended.complete("cancelled");
                throw cancelled;
            }
        }
        await(sleep(0));
        return Coroutine.of("hello " + name);
    }

    @Test
    void theAnswerIsTheResult() {
        assertEquals("hello warp", run(GrpcGreeter.call(channel, "warp")));
    }

    @Test
    void cancellingTheTaskCancelsTheTaskOfTheServer() {
        run(() -> {
            Task<String> task = createTask(GrpcGreeter.call(channel, "silence"));
            await(called);
            task.cancel();
            await(assertFails(CancelledError.class, task));
            assertEquals("cancelled", await(ended));
            return Coroutine.done();
        });
    }

    @Test
    void aFailureOfTheServerIsThrownWithItsStatus() {
        run(() -> {
            var thrown = await(assertFails(StatusRuntimeException.class, GrpcGreeter.call(channel, "")));
            assertEquals("INVALID_ARGUMENT: nobody to greet", thrown.getMessage());
            return Coroutine.done();
        });
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        try (ClosedPort port = new ClosedPort()) {
            ManagedChannel closed = channelTo(port.number());
            run(() -> {
                var thrown = await(assertFails(StatusRuntimeException.class, GrpcGreeter.call(closed, "warp")));
                assertEquals(Status.Code.UNAVAILABLE, thrown.getStatus().getCode());
                return Coroutine.done();
            });
            closed.shutdownNow();
        }
    }
}

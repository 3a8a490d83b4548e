package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(120)
class KafkaOrdersIT {

    @TempDir
    private static Path directory;

    private static EmbeddedKafka kafka;
    private static Producer<String, String> producer;
    private static Consumer<String, String> consumer;

    @BeforeAll
    static void start() throws Exception {
        kafka = new EmbeddedKafka(directory);
        producer = KafkaOrders.producer(kafka.address());
        consumer = KafkaOrders.consumer(kafka.address());
    }

    @AfterAll
    static void stop() {
        producer.close();
        consumer.close();
        kafka.close();
    }

    @Async
    private static Coroutine<List<String>> receive(int count) {
        List<String> orders = new ArrayList<>();
        while (orders.size() < count) {
            orders.addAll(await(KafkaOrders.receive(consumer)));
        }
        return Coroutine.of(orders);
    }

    @Test
    void ordersArriveInTheirOrder() {
        run(() -> {
            long first = await(KafkaOrders.send(producer, "a")).offset();
            assertEquals(first + 1, await(KafkaOrders.send(producer, "b")).offset());
            assertEquals(List.of("a", "b"), await(receive(2)));
            return Coroutine.done();
        });
    }

    /** The consumer reads on from where it was. */
    @Test
    void cancellingTheTaskEndsThePollAndTakesNoOrder() {
        run(() -> {
            Task<List<String>> task = createTask(KafkaOrders.receive(consumer));
            await(sleep(0)); // the poll has begun in its thread, or is about to
            task.cancel();
            await(assertFails(CancelledError.class, task));
            await(KafkaOrders.send(producer, "c"));
            assertEquals(List.of("c"), await(receive(1)));
            return Coroutine.done();
        });
    }

    @Test
    void cancellingTheTaskDoesNotTakeAnOrderBack() {
        CompletableFuture<String> begun = new CompletableFuture<>();
        try (Producer<String, String> noticing = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.address()), new StringSerializer(), (topic, order) -> {
                    begun.complete(order);
                    return order.getBytes(UTF_8);
                })) {
            run(() -> {
                Task<?> task = createTask(KafkaOrders.send(noticing, "late"));
                await(begun);
                task.cancel();
                await(assertFails(CancelledError.class, task));
                assertEquals(List.of("late"), await(receive(1)));
                return Coroutine.done();
            });
        }
    }

    @Test
    void failuresAreThrownAsTheyAre() {
        run(() -> {
            await(assertFails(RecordTooLargeException.class, KafkaOrders.send(producer, "x".repeat(2_000_000))));
            return Coroutine.done();
        });
    }
}

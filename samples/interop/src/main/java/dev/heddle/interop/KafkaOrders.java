// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.shared;
import static dev.heddle.Asyncio.toThread;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends two orders through the Kafka at the address given, or at port 9092, and receives them again. */
public final class KafkaOrders {

    private static final String TOPIC = "orders";

    private KafkaOrders() {}

    /** Sends an order, and returns where it was stored. A record that has been handed over is sent, even if the task is cancelled. */
    @Async
    static Coroutine<RecordMetadata> send(Producer<String, String> producer, String order) {
        CompletableFuture<RecordMetadata> stored = new CompletableFuture<>();
        // In a thread, because the call blocks until the topic is known, and while the buffer is full.
        await(toThread(() -> producer.send(new ProducerRecord<>(TOPIC, order), (metadata, failure) -> {
            if (failure == null) {
                stored.complete(metadata);
            } else {
                stored.completeExceptionally(failure);
            }
        })));
        return Coroutine.of(await(shared(stored)));
    }

    /** Waits for orders. A consumer may be used by one thread after the other, so each poll can have another thread. If the task is cancelled, the poll ends. */
    @Async
    static Coroutine<List<String>> receive(Consumer<String, String> consumer) {
        var poll = ensureFuture(toThread(() -> consumer.poll(Duration.ofDays(1))));
        List<String> orders = new ArrayList<>();
        for (ConsumerRecord<String, String> order : await(Ending.result(poll, () -> wakeUp(consumer)))) {
            orders.add(order.value());
        }
        return Coroutine.of(orders);
    }

    @Async
    private static Coroutine<Void> wakeUp(Consumer<?, ?> consumer) {
        consumer.wakeup(); // may be called on any thread, and does not block
        return Coroutine.done();
    }

    static Producer<String, String> producer(String address) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer());
    }

    /** Returns a consumer that reads all orders, the oldest first. */
    static Consumer<String, String> consumer(String address) {
        Consumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", address, "group.id", "heddle", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    @Async
    private static Coroutine<Void> show(Producer<String, String> producer, Consumer<String, String> consumer) {
        Task<List<String>> received = createTask(receive(consumer));
        System.out.println("stored at " + await(send(producer, "a warp")).offset());
        System.out.println("stored at " + await(send(producer, "a weft")).offset());
        System.out.println("received " + await(received));
        return Coroutine.done();
    }

    public static void main(String[] args) {
        String address = args.length == 0 ? "localhost:9092" : args[0];
        try (Producer<String, String> producer = producer(address);
                Consumer<String, String> consumer = consumer(address)) {
            run(show(producer, consumer));
        }
    }
}

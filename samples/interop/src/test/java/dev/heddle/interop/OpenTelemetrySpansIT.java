package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Async;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Mirror;
import dev.heddle.Task;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.TestLoop;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class OpenTelemetrySpansIT {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(spans))
            .build();
    private final Tracer tracer = provider.get("test");
    private final Mirror mirror = OpenTelemetrySpans.mirror();

    @AfterEach
    void stop() {
        mirror.close();
        provider.close();
    }

    /** The spans in the order of their ends, each after its parent. */
    private List<String> paths() {
        return spans.getFinishedSpanItems().stream().map(this::path).toList();
    }

    private String path(SpanData span) {
        return spans.getFinishedSpanItems().stream()
                .filter(other -> other.getSpanId().equals(span.getParentSpanId()))
                .map(parent -> path(parent) + " > ")
                .findFirst()
                .orElse("")
                .concat(span.getName());
    }

    @CoroutineTest
    void spansFollowTheirTasks(TestLoop test) {
        test.run(() -> gatherOrders());
        assertEquals(
                List.of(
                        "order 1 > reserve 1",
                        "order 2 > reserve 2",
                        "order 1 > pay 1",
                        "order 2 > pay 2",
                        "order 1",
                        "order 2"),
                paths());
        assertSame(Span.getInvalid(), Span.current());
    }

    @Async
    private Coroutine<Void> gatherOrders() throws Exception {
        await(gather(OpenTelemetrySpans.order(tracer, 1), OpenTelemetrySpans.order(tracer, 2)));
        assertSame(Span.getInvalid(), Span.current());
        return Coroutine.done();
    }

    @CoroutineTest
    void spansFollowCallsInThreads(TestLoop test) {
        test.run(() -> OpenTelemetrySpans.span(tracer, "outer", () -> {
            await(toThread(() -> {
                tracer.spanBuilder("in a thread").startSpan().end();
                return null;
            }));
            return Coroutine.done();
        }));
        assertEquals(List.of("outer > in a thread", "outer"), paths());
    }

    @CoroutineTest
    void theSpanOfACancelledTaskEnds(TestLoop test) {
        test.run(() -> {
            Task<Void> order = createTask(OpenTelemetrySpans.order(tracer, 1));
            await(sleep(0.15));
            order.cancel();
            await(assertFails(CancelledError.class, order));
            return Coroutine.done();
        });
        assertEquals(List.of("order 1 > reserve 1", "order 1 > pay 1", "order 1"), paths());
        StatusData cancelled = StatusData.create(StatusCode.ERROR, "cancelled");
        assertEquals(
                List.of(StatusData.unset(), cancelled, cancelled),
                spans.getFinishedSpanItems().stream().map(SpanData::getStatus).toList());
    }

    @CoroutineTest
    void failuresAreInTheirSpansAndThrownAsTheyAre(TestLoop test) {
        IOException broken = new IOException("broken");
        test.run(() -> {
            Coroutine<Void> failing = OpenTelemetrySpans.span(
                    tracer,
                    "outer",
                    () -> OpenTelemetrySpans.span(tracer, "inner", () -> {
                        await(sleep(1));
                        throw broken;
                    }));
            assertSame(broken, await(assertFails(IOException.class, failing)));
            return Coroutine.done();
        });
        assertEquals(List.of("outer > inner", "outer"), paths());
        for (SpanData span : spans.getFinishedSpanItems()) {
            assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode());
            assertEquals("exception", span.getEvents().get(0).getName());
        }
    }
}

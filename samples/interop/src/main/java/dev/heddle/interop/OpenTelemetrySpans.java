// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.CancelledError;
import dev.heddle.Context;
import dev.heddle.Coroutine;
import dev.heddle.Mirror;
import dev.heddle.ThreadState;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.logging.LoggingSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

/** Traces two concurrent orders with OpenTelemetry. Each task has its own current span, although both run on one thread, and the spans are logged. */
public final class OpenTelemetrySpans {

    private OpenTelemetrySpans() {}

    /** Makes the current span follow tasks. Called once, before the first loop runs. */
    static Mirror mirror() {
        return Context.mirror(ThreadState.of(
                io.opentelemetry.context.Context::current, io.opentelemetry.context.Context::makeCurrent));
    }

    /**
     * Runs {@code body} in a span, which is the parent of the spans that are made in it. The span ends with the body, even if the task is cancelled. It has the failure of the
     * body.
     */
    @Async
    static <T> Coroutine<T> span(Tracer tracer, String name, AsyncSupplier<T> body) throws Exception {
        Span span = tracer.spanBuilder(name).startSpan();
        try (Scope scope = span.makeCurrent()) {
            return Coroutine.of(await(body.get()));
        } catch (CancelledError cancelled) {
            span.setStatus(StatusCode.ERROR, "cancelled");
            throw cancelled;
        } catch (Throwable failure) {
            span.recordException(failure).setStatus(StatusCode.ERROR);
            throw failure;
        } finally {
            span.end();
        }
    }

    /** Handles an order: the reservation and the payment happen at the same time, in a span each. */
    @Async
    static Coroutine<Void> order(Tracer tracer, int number) throws Exception {
        return span(tracer, "order " + number, () -> {
            await(gather(step(tracer, "reserve " + number, 0.1), step(tracer, "pay " + number, 0.2)));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> step(Tracer tracer, String name, double seconds) throws Exception {
        return span(tracer, name, () -> {
            await(sleep(seconds));
            return Coroutine.done();
        });
    }

    public static void main(String[] args) throws Exception {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(LoggingSpanExporter.create()))
                .build();
        Tracer tracer = provider.get("orders");
        mirror();
        run(gather(order(tracer, 1), order(tracer, 2)));
        provider.close();
    }
}

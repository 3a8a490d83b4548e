// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.fromCallback;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.workers.Workers;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/**
 * Serves and calls a method with gRPC, and prints the answer. The future stubs that {@code protoc} generates return the same kind of future as the call here, and the service
 * classes have the same observers; this program does without generated classes.
 */
public final class GrpcGreeter {

    /** Texts as messages. */
    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    };

    private static final MethodDescriptor<String, String> GREET = MethodDescriptor.newBuilder(TEXT, TEXT)
            .setType(MethodType.UNARY)
            .setFullMethodName("Greeter/Greet")
            .build();

    private GrpcGreeter() {}

    /** Waits for a future of Guava, such as gRPC returns. Cancelling the task cancels the future, which cancels the call. */
    static <T> Coroutine<T> result(ListenableFuture<T> future) {
        return fromCallback(completer -> {
            completer.onCancel(() -> future.cancel(true));
            Futures.addCallback(
                    future,
                    new FutureCallback<T>() {
                        @Override
                        public void onSuccess(T result) {
                            completer.complete(result);
                        }

                        @Override
                        public void onFailure(Throwable failure) {
                            completer.fail(failure);
                        }
                    },
                    MoreExecutors.directExecutor());
        });
    }

    /** Calls the server. */
    @Async
    static Coroutine<String> call(Channel channel, String name) {
        return result(ClientCalls.futureUnaryCall(channel.newCall(GREET, CallOptions.DEFAULT), name));
    }

    /** A service whose calls are tasks of {@code loop}. A task is cancelled if its caller cancels the call or goes away. */
    static ServerServiceDefinition service(EventLoop loop, AsyncFunction<String, String> handler) {
        return ServerServiceDefinition.builder("Greeter")
                .addMethod(GREET, ServerCalls.asyncUnaryCall((name, observer) -> {
                    CompletableFuture<Void> task = loop.submit(() -> answer(handler, name, observer));
                    ((ServerCallStreamObserver<String>) observer).setOnCancelHandler(() -> task.cancel(true));
                }))
                .build();
    }

    @Async
    private static Coroutine<Void> answer(
            AsyncFunction<String, String> handler, String name, StreamObserver<String> observer) {
        try {
            observer.onNext(await(handler.apply(name)));
            observer.onCompleted();
        } catch (Exception failure) {
            observer.onError(failure); // the status of a StatusException, else UNKNOWN
        }
        return Coroutine.done();
    }

    @Async
    private static Coroutine<String> greet(String name) {
        await(sleep(0.1));
        return Coroutine.of("hello " + name);
    }

    public static void main(String[] args) throws IOException {
        try (Workers workers = Workers.start(1)) {
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(service(workers.loops().get(0), GrpcGreeter::greet))
                    .build()
                    .start();
            ManagedChannel channel = Grpc.newChannelBuilder(
                            "localhost:" + server.getPort(), InsecureChannelCredentials.create())
                    .build();
            System.out.println(run(call(channel, "warp")));
            channel.shutdown();
            server.shutdown();
        }
    }
}

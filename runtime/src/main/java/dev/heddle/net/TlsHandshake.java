// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the handshakes of a TLS connection. Before TLS 1.3 a server may ask for a new one, which a task makes. A client that asks for one is refused: each
 * costs the server much, and the client nearly nothing.
 */
final class TlsHandshake {

    /** The most bytes that the other side may send during a handshake. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final EventLoop loop;
    private final Transport below;
    private final SSLEngine engine;
    private final TlsInput input;
    private final TlsOutput output;
    private final TlsState state;
    private final Duration limit;

    /** The new handshake of an established connection. Null if there is none. */
    private @Nullable Task<Void> renewal;

    /** Whether the engine's tasks run on another thread. */
    private boolean computing;

    /** The bytes that the other side has sent during this handshake. */
    private int received;

    /** The handshakes over {@code below}, for which {@code limit} is the time limit of each. */
    TlsHandshake(
            EventLoop loop,
            Transport below,
            SSLEngine engine,
            TlsInput input,
            TlsOutput output,
            TlsState state,
            Duration limit) {
        this.loop = loop;
        this.below = below;
        this.engine = engine;
        this.input = input;
        this.output = output;
        this.state = state;
        this.limit = limit;
    }

    /** Makes the first handshake. If it fails, the connection is of no more use. */
    @Async
    Coroutine<Void> begin() throws IOException {
        try {
            engine.beginHandshake();
            await(shakeInTime());
            state.establish();
        } catch (TimeoutException late) {
            throw state.failures.timedOut(limit, late);
        } catch (IOException broken) {
            sendAlert();
            throw state.failures.handshake(broken);
        } finally {
            input.trim();
        }
        return Coroutine.done();
    }

    /** Begins a new handshake, which the other side has asked for. */
    void renew() throws SSLException {
        if (!engine.getUseClientMode()) {
            throw new SSLException("the client has asked for a new handshake, which servers refuse");
        }
        Task<Void> made = loop.createTask(renewInTask(), "handshake of " + state);
        renewal = made.isDone() ? null : made; // an eager task may be done already
    }

    /** Returns the task of the new handshake. Null if there is none. */
    @Nullable
    Task<Void> renewal() {
        return renewal;
    }

    @Async
    private Coroutine<Void> renewInTask() {
        try {
            await(shakeInTime());
        } catch (TimeoutException late) {
            state.fail(state.failures.timedOut(limit, late));
        } catch (IOException broken) {
            sendAlert();
            state.fail(state.failures.handshake(broken));
        } finally {
            renewal = null;
            input.trim();
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> shakeInTime() throws IOException {
        received = 0;
        return Asyncio.timeout(limit, time -> shake());
    }

    /** Makes the steps of a handshake until it is over. */
    @Async
    private Coroutine<Void> shake() throws IOException {
        while (true) {
            output.requireOpen();
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> await(compute());
                case NEED_WRAP -> {
                    if (output.encryptNothing().getStatus() == Status.CLOSED) {
                        throw state.failures.ended();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    output.startSending(); // not awaited: the other side may read no more until this one has read
                    if (!shakeWithIncoming()) {
                        input.trim();
                        await(below.readable());
                    }
                }
                default -> {
                    output.startSending(); // not awaited: after it, the other side may be slow to read its tickets
                    return Coroutine.done();
                }
            }
        }
    }

    /** Lets the engine do on another thread what takes long, such as the verification of a signature. */
    @Async
    private Coroutine<Void> compute() {
        computing = true;
        await(Asyncio.toThread(() -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            return null;
        }));
        computing = false;
        return Coroutine.done();
    }

    /** Gives the engine one record. Returns false if none is there. */
    private boolean shakeWithIncoming() throws IOException {
        if (!input.hasRecords()) {
            return input.fetch();
        }
        SSLEngineResult result = input.decryptAside();
        if (result.getStatus() == Status.CLOSED) {
            throw state.failures.ended();
        }
        received += result.bytesConsumed();
        if (received > MOST_BYTES) {
            throw new SSLException(
                    "the other side has sent over " + MOST_BYTES + " bytes, and has not completed the handshake");
        }
        return result.getStatus() != Status.BUFFER_UNDERFLOW || input.fetch();
    }

    /** Whether the engine must not be used, as another thread does. */
    boolean isComputing() {
        return computing;
    }

    /** Sends why the engine has failed, if it has anything to say about that, as far as that is possible without waiting. */
    void sendAlert() {
        try {
            if (!state.isClosed() && !computing) {
                output.answer();
                output.passOn();
            }
        } catch (IOException gone) {
            // The other side does not learn it.
        }
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import static dev.heddle.Asyncio.await;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.Awaitable;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.internal.loop.Step;
import dev.heddle.internal.report.Throwables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of a {@link Connection}. The first write of a turn goes to the transport directly. Small writes after it in the same turn are gathered in a buffer,
 * which is sent in the next turn, or as soon as the connection is about to wait for input. As a step, it sends that buffer.
 */
final class StreamWriter extends Step {

    /** The largest write that is gathered, in bytes. */
    private static final int SMALL = 4 * 1024;

    /** After so many writes that did not have to wait, the writer lets the rest of the loop run. */
    private static final int MOST_WITHOUT_WAITING = 32;

    /** How much of a file is sent at once, in bytes. */
    private static final int MOST_OF_FILE = 256 * 1024;

    private final Connection connection;

    /** The gathered bytes, from 0 to the position. Null if there are none. */
    private @Nullable ByteBuffer gathered;

    /** Whether this is in the ready queue. */
    private boolean scheduled;

    /** Sends what is gathered after the transport has refused some of it. Null if that is not so. */
    private @Nullable Task<Void> sending;

    /** Why gathered bytes could not be sent, for the next operation; null if they could. */
    private @Nullable IOException failure;

    private boolean writing;

    /** Done when the coroutine that writes has ended. Null if nobody waits for that. */
    private @Nullable Future<@Nullable Void> idle;

    /** Whether an operation ended before its time, and may have left bytes that are gathered here or kept by the transport. */
    private boolean interrupted;

    /** The buffer or file of the last write that ended before its time and that was not continued. Null if there is none. */
    private @Nullable Object unfinished;

    private boolean ended;
    private int withoutWaiting;

    /** How often a write was suspended, each time after some bytes were taken. May overflow. */
    private int suspensions;

    /** The turn of the last write, as the number of its last step. */
    private long lastTurn = -1;

    StreamWriter(Connection connection) {
        this.connection = connection;
    }

    @Async
    Coroutine<Void> write(ByteBuffer source) throws IOException {
        beginWrite("write()");
        boolean over = false;
        try {
            if (isSending()) {
                await(sendingEnded());
            }
            long turn = connection.turn();
            if (turn == lastTurn && source.remaining() <= SMALL && gather(source)) {
                over = true;
                return Coroutine.done();
            }
            lastTurn = turn;
            if (++withoutWaiting > MOST_WITHOUT_WAITING) {
                await(letOthersRun());
            }
            if (!send(source)) {
                await(sendRest(source));
            }
            over = true;
        } finally {
            if (!over && source.hasRemaining()) {
                unfinished = source;
            } else if (unfinished == source) {
                unfinished = null;
            }
            end(over);
        }
        return Coroutine.done();
    }

    /** Sends {@code count} bytes of {@code file} from {@code position} on. */
    @Async
    Coroutine<Void> sendFile(FileChannel file, long position, long count) throws IOException {
        beginWrite("sendFile()");
        boolean over = false;
        try {
            await(sendGathered());
            long sent = 0;
            while (sent < count) {
                if (++withoutWaiting > MOST_WITHOUT_WAITING) {
                    await(letOthersRun());
                    connection.requireOpen();
                }
                long most = Math.min(count - sent, MOST_OF_FILE);
                long taken = connection.transport.transferFrom(file, position + sent, most);
                if (taken < 0) {
                    await(copy(file, position + sent, count - sent));
                    break;
                }
                sent += taken;
                if (taken == 0) {
                    Connection.requireInside(file, position + sent);
                    await(writable());
                    connection.requireOpen();
                }
            }
            over = true;
        } finally {
            if (!over) {
                unfinished = file;
            }
            end(over);
        }
        return Coroutine.done();
    }

    /** Sends a part of a file over a transport that cannot take it from the file itself. */
    @Async
    private Coroutine<Void> copy(FileChannel file, long position, long count) throws IOException {
        ByteBuffer part = connection.pool.take();
        try {
            long read = 0;
            while (read < count) {
                if (++withoutWaiting > MOST_WITHOUT_WAITING) {
                    await(letOthersRun());
                    connection.requireOpen();
                }
                part.clear().limit((int) Math.min(part.capacity(), count - read));
                int length = read(file, part, position + read);
                if (length < 0) {
                    Connection.requireInside(file, position + read);
                }
                part.flip();
                read += part.remaining();
                if (!send(part)) {
                    await(sendRest(part));
                }
            }
        } finally {
            connection.pool.give(part);
        }
        return Coroutine.done();
    }

    private static int read(FileChannel file, ByteBuffer part, long position) throws IOException {
        try {
            return file.read(part, position);
        } catch (ClosedChannelException closed) {
            throw Failures.closedFile(closed);
        }
    }

    /** Sends what is gathered within {@code limit}, after the coroutine that writes has ended. Does nothing if the output has ended. */
    @Async
    Coroutine<Void> flush(@Nullable Duration limit) throws IOException {
        while (writing) {
            if (limit == null) {
                await(whenIdle());
            } else {
                await(whenIdle(limit));
            }
        }
        if (ended) {
            return Coroutine.done();
        }
        beginWrite("closeGracefully()");
        boolean over = false;
        try {
            if (isSending() || !send(null)) {
                await(limit == null ? sendGathered() : sendGathered(limit));
            }
            over = true;
        } finally {
            end(over);
        }
        return Coroutine.done();
    }

    /** Sends what is gathered and ends the output. Does nothing if the output has ended. */
    @Async
    Coroutine<Void> shutdown() throws IOException {
        if (ended) {
            return Coroutine.done();
        }
        beginWrite("shutdownOutput()");
        boolean over = false;
        try {
            await(sendGathered());
            ended = true;
            connection.transport.shutdownOutput();
            while (!connection.transport.flush()) {
                await(writable());
                connection.requireOpen();
            }
            over = true;
        } finally {
            end(over);
        }
        return Coroutine.done();
    }

    /** Sends what is gathered, and lets nobody write until {@link #letGo}. If this method throws, it holds nothing. */
    @Async
    Coroutine<Void> hold() throws IOException {
        beginWrite("startTls()");
        boolean held = false;
        try {
            if (isSending()) {
                await(sendingEnded());
            }
            await(sendGathered());
            held = true;
        } finally {
            if (!held) {
                end(false);
            }
        }
        return Coroutine.done();
    }

    void letGo() {
        end(true);
    }

    // What is gathered

    /** Returns whether there was room for {@code source}. */
    private boolean gather(ByteBuffer source) {
        ByteBuffer buffer = gathered;
        if (buffer == null) {
            buffer = connection.pool.take();
            gathered = buffer;
        } else if (buffer.remaining() < source.remaining()) {
            return false;
        }
        buffer.put(source);
        schedule();
        return true;
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            connection.core.ready.add(this);
        }
    }

    /** Sends what is gathered in the turn after the write. */
    @Override
    protected void step() {
        scheduled = false;
        if (!writing) { // the writer sends it
            sendWhatIsGathered();
        }
    }

    /** Sends what is gathered as far as the transport takes it. A task sends the rest. Called before the connection waits for input, too. */
    void sendWhatIsGathered() {
        if ((gathered == null && !interrupted) || writing || isSending() || connection.isClosed()) {
            return;
        }
        interrupted = false;
        try {
            if (!send(null)) {
                sending = connection.loop.createTask(sendInTask(), "sending of " + connection);
            }
        } catch (IOException broken) {
            failed(broken);
        } catch (RuntimeException | Error broken) { // this may be a step of the loop, which is not to end
            if (Throwables.leavesLoop(broken)) {
                throw broken;
            }
            failed(new IOException("cannot send what was written to " + connection + ": " + broken, broken));
        }
    }

    @Async
    private Coroutine<Void> sendInTask() {
        try {
            if (!send(null)) {
                await(sendRest(null));
            }
        } catch (IOException broken) {
            failed(broken);
        }
        return Coroutine.done();
    }

    private boolean isSending() {
        return sending != null && !sending.isDone();
    }

    /** Waits until no task sends. Does not fail if that was cancelled, as at the end of a run. */
    @Async
    private Coroutine<Void> sendingEnded() throws IOException {
        while (sending != null) {
            await(Asyncio.wait(List.of(sending)));
            if (!isSending()) {
                sending = null;
            }
        }
        connection.requireOpen();
        throwFailure();
        return Coroutine.done();
    }

    /** Waits until everything gathered is with the transport, and nothing is kept there. */
    @Async
    private Coroutine<Void> sendGathered() throws IOException {
        if (isSending()) {
            await(sendingEnded());
        }
        if (!send(null)) {
            await(sendRest(null));
        }
        return Coroutine.done();
    }

    @Async
    private Coroutine<Void> sendGathered(Duration limit) throws IOException {
        try {
            await(Asyncio.timeout(limit, time -> sendGathered()));
        } catch (TimeoutException late) {
            throw notRead(limit, late);
        }
        return Coroutine.done();
    }

    private IOException notRead(Duration limit, TimeoutException late) {
        IOException lost = Failures.notRead(connection.toString(), limit, late);
        failed(lost);
        return lost;
    }

    // To the transport

    /** Sends what {@link #send} has left, each time that the transport may take some of it. */
    @Async
    private Coroutine<Void> sendRest(@Nullable ByteBuffer source) throws IOException {
        do {
            await(writable());
            connection.requireOpen();
        } while (!send(source));
        return Coroutine.done();
    }

    /** Sends what is gathered, and then {@code source}, as far as the transport takes it. Returns whether nothing is left. */
    private boolean send(@Nullable ByteBuffer source) throws IOException {
        offer(source);
        return gathered == null && (source == null || !source.hasRemaining()) && connection.transport.flush();
    }

    private void offer(@Nullable ByteBuffer source) throws IOException {
        ByteBuffer buffer = gathered;
        if (buffer == null) {
            if (source != null && source.hasRemaining()) {
                connection.transport.write(source);
            }
            return;
        }
        buffer.flip();
        try {
            if (source == null || !source.hasRemaining()) {
                connection.transport.write(buffer);
            } else {
                connection.transport.write(buffer, source);
            }
        } finally {
            buffer.compact();
            if (buffer.position() == 0) {
                gathered = null;
                connection.pool.give(buffer);
            }
        }
    }

    private void failed(IOException broken) {
        failure = broken;
        release();
    }

    /** Whether something was to be written that the transport has not taken, so that the stream is not whole if it ends now. */
    boolean isCut() {
        return writing || gathered != null || isSending() || failure != null || unfinished != null;
    }

    /** Drops what is gathered. */
    void release() {
        ByteBuffer buffer = gathered;
        if (buffer != null) {
            gathered = null;
            connection.pool.give(buffer);
        }
    }

    // Conditions

    private void beginWrite(String operation) throws IOException {
        connection.requireOpen();
        throwFailure();
        if (writing) {
            if (connection.isClosing()) {
                throw new ConnectionClosedException(
                        connection + " is being closed; write everything before closeGracefully()");
            }
            throw new IllegalStateException(operation + " called while another coroutine is already writing to "
                    + connection + "; let one coroutine write, or hold a Lock while writing");
        }
        if (ended) {
            throw new ConnectionClosedException(
                    "the output of " + connection + " has ended; write before shutdownOutput()");
        }
        writing = true;
    }

    private Future<@Nullable Void> whenIdle() {
        Future<@Nullable Void> waiting = idle;
        if (waiting == null) {
            waiting = connection.loop.createFuture();
            idle = waiting;
        }
        return Asyncio.shield(waiting);
    }

    /** Waits until the coroutine that writes has ended, but no longer than {@code limit} if the other side takes nothing meanwhile. */
    @Async
    private Coroutine<Void> whenIdle(Duration limit) throws IOException {
        int before = suspensions;
        try {
            await(Asyncio.waitFor(whenIdle(), limit));
        } catch (TimeoutException late) {
            if (suspensions == before) {
                throw notRead(limit, late);
            }
        }
        return Coroutine.done();
    }

    /** Ends an operation. If it was cancelled or has failed, what it has left is sent in the next turn. */
    private void end(boolean over) {
        writing = false;
        if (!over && !connection.isClosed()) {
            interrupted = true;
            schedule();
        }
        Future<@Nullable Void> waiting = idle;
        if (waiting != null) {
            idle = null;
            waiting.setResult(null);
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            String message = String.valueOf(failure.getMessage());
            throw failure instanceof ConnectionResetException
                    ? new ConnectionResetException(message, failure)
                    : new IOException(message, failure);
        }
    }

    private Awaitable<Void> letOthersRun() {
        withoutWaiting = 0;
        suspensions++;
        return Asyncio.sleep(0);
    }

    private Coroutine<Void> writable() {
        withoutWaiting = 0;
        suspensions++;
        return connection.transport.writable();
    }
}

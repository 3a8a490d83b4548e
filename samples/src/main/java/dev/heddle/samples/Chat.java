// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import dev.heddle.sync.Queue;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets people chat who connect with {@code nc} or {@code telnet}, each in a terminal of their own. The argument is the port, 4000 if there is
 * none. Someone who does not read misses lines; the others do not wait.
 */
public final class Chat {

    /** The lines to send to each member, by name. */
    private final Map<String, Queue<String>> outboxes = new HashMap<>();

    /** The whole visit of one person. The connection is closed when it ends. */
    @Async
    Coroutine<Void> visit(Connection connection) {
        Queue<String> outbox = Queue.fifo(1_000); // further lines are lost
        Task<Void> sender = createTask(send(outbox, connection));
        String name = "";
        try (connection) {
            while (name.isBlank() || outboxes.containsKey(name)) {
                await(connection.write("Your name? "));
                name = Optional.ofNullable(await(connection.readLine())).orElseThrow(EOFException::new);
            }
            outboxes.put(name, outbox);
            sayToAll(name + " joins");
            for (String line = await(connection.readLine()); line != null; line = await(connection.readLine())) {
                sayToAll(name + ": " + line);
            }
        } catch (IOException gone) {
            // The connection has ended before there was a name, it was reset, or a line was too long.
        } finally {
            sender.cancel();
            if (outboxes.remove(name, outbox)) {
                sayToAll(name + " leaves");
            }
        }
        return Coroutine.done();
    }

    private void sayToAll(String line) {
        outboxes.values().stream().filter(outbox -> !outbox.isFull()).forEach(outbox -> outbox.putNow(line));
    }

    @Async
    private static Coroutine<Void> send(Queue<String> outbox, Connection connection) {
        try {
            while (true) {
                await(connection.write(await(outbox.get()) + "\n"));
            }
        } catch (IOException gone) {
            return Coroutine.done(); // The visit ends as well.
        }
    }

    static Coroutine<Server> open(int port) throws IOException {
        return Net.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), new Chat()::visit);
    }

    public static void main(String[] args) throws IOException {
        run(() -> {
            Server server = await(open(args.length == 0 ? 4000 : Integer.parseInt(args[0])));
            System.out.println("Connect with: nc localhost " + server.port());
            return server.serveForever();
        });
    }
}

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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets people chat who connect with {@code nc} or {@code telnet}, each in a terminal of their own. The argument is the port, 4000 if there is
 * none. Someone who does not read misses lines; the others do not wait.
 */
public final class Chat {

    private static final int OUTBOX = 1_000;

    /** The lines to send to each member, by name. */
    private final Map<String, Queue<String>> outboxes = new HashMap<>();

    /** The whole visit of one person. The server closes the connection when it ends. */
    @Async
    Coroutine<Void> visit(Connection connection) throws IOException {
        String name;
        do {
            await(connection.write("Your name? "));
            name = await(connection.readLine());
            if (name == null) {
                return Coroutine.done();
            }
        } while (name.isBlank() || outboxes.containsKey(name));
        outboxes.put(name, Queue.fifo(OUTBOX));
        Task<Void> sender = createTask(send(outboxes.get(name), connection));
        try {
            sayToAll(name + " joins");
            for (String line = await(connection.readLine()); line != null; line = await(connection.readLine())) {
                sayToAll(name + ": " + line);
            }
        } catch (IOException gone) {
            // The connection was reset, or a line was too long.
        } finally {
            sender.cancel();
            outboxes.remove(name);
            sayToAll(name + " leaves");
        }
        return Coroutine.done();
    }

    private void sayToAll(String line) {
        outboxes.values().stream().filter(outbox -> !outbox.isFull()).forEach(outbox -> outbox.putNow(line));
    }

    @Async
    private static Coroutine<Void> send(Queue<String> outbox, Connection connection) throws IOException {
        while (true) {
            await(connection.write(await(outbox.get()) + "\n"));
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

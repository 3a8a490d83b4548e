package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.process.Stdin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;

/** A server program that echoes lines. {@link IdleIT} asks on its standard input how it is. */
final class IdleServer {

    private IdleServer() {}

    public static void main(String[] arguments) {
        run(IdleServer::serve);
    }

    @Async
    private static Coroutine<Void> echo(Connection connection) throws IOException {
        String line;
        while ((line = await(connection.readLine())) != null) {
            await(connection.write((line + "\n").getBytes()));
        }
        return Coroutine.done();
    }

    /** Prints the port, and after each line of input the number of connections, as soon as it is the one in the line, and the bytes of the heap. */
    @Async
    private static Coroutine<Void> serve() throws IOException {
        Server server = await(Net.serve(RawPeer.ANY_PORT, ServeOptions.DEFAULT.withBacklog(1000), IdleServer::echo));
        System.out.println(((InetSocketAddress) Objects.requireNonNull(server.localAddress())).getPort());
        String line;
        while ((line = await(Stdin.stream().readLine())) != null) {
            while (server.connections().size() != Integer.parseInt(line)) {
                await(sleep(0.01));
            }
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            System.out.println(runtime.totalMemory() - runtime.freeMemory());
        }
        server.close();
        return Coroutine.of(await(server.waitClosed()));
    }
}

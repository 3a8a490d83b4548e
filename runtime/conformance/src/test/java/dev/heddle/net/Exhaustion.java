package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;

import dev.heddle.Async;
import dev.heddle.AsyncSupplier;
import dev.heddle.Asyncio;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.io.Descriptors;
import dev.heddle.process.Subprocess;
import dev.heddle.workers.Workers;
import java.io.File;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A program whose descriptors run out. {@link ExhaustionIT} starts it with few of them, and reads its output. */
final class Exhaustion {

    /** With so many free descriptors, everything works. */
    private static final int ENOUGH = 24;

    /** Sockets that take all descriptors there are. */
    private static final Deque<SocketChannel> FILLING = new ArrayDeque<>();

    /** The least count of descriptors so far, without those of {@link #FILLING}. */
    private static int descriptors;

    private Exhaustion() {}

    public static void main(String[] arguments) throws IOException {
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            load(Path.of(each));
        }
        Security.getProviders(); // reads a file
        Map<String, AsyncSupplier<Void>> operations = new TreeMap<>();
        ServerSocketChannel listener = ServerSocketChannel.open().bind(RawPeer.ANY_PORT);
        SocketAddress address = listener.getLocalAddress();
        operations.put("connect", () -> connect(address));
        operations.put("serve", Exhaustion::serve);
        operations.put("datagram", Exhaustion::datagram);
        operations.put("process", Exhaustion::process);
        for (AsyncSupplier<Void> each : operations.values()) {
            run(each);
        }
        serveOnWorkers(ENOUGH);
        accept();
        descriptors = Descriptors.count();
        for (Map.Entry<String, AsyncSupplier<Void>> each : operations.entrySet()) {
            for (int free = 0; free <= ENOUGH; free++) {
                attempt(each.getKey(), free, () -> run(each.getValue()));
            }
        }
        for (int free = 0; free <= ENOUGH; free++) {
            int most = free;
            attempt("workers", free, () -> serveOnWorkers(most));
        }
        accept();
        System.out.println("leaked " + leaked());
    }

    /** Loads the classes at {@code path}, since that takes descriptors. */
    private static void load(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                files.forEach(file -> load(path.relativize(file).toString()));
            }
        } else {
            try (JarFile jar = new JarFile(path.toFile())) {
                jar.stream().forEach(entry -> load(entry.getName()));
            }
        }
    }

    private static void load(String file) {
        String name = file.replace('/', '.').replaceFirst("\\.class$", "");
        if (file.endsWith(".class") && !name.contains("module-info")) {
            try {
                Class.forName(name, false, Exhaustion.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError needsJUnit) {
                // It is not needed.
            }
        }
    }

    /** Returns how many descriptors there are more than at the least of the times before. A thread that copies may close its own late. */
    private static int leaked() {
        int now = Descriptors.settle(descriptors);
        int more = Math.max(0, now - descriptors);
        descriptors = Math.min(descriptors, now);
        return more;
    }

    private static void fill() {
        try {
            while (true) {
                FILLING.push(SocketChannel.open());
            }
        } catch (IOException full) {
            // As intended.
        }
    }

    private static void free(int count) throws IOException {
        for (int i = 0; i < count && !FILLING.isEmpty(); i++) {
            FILLING.pop().close();
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    /** Tries to run {@code body} with {@code free} descriptors, and prints what became of it, and how many descriptors it has kept. */
    private static void attempt(String name, int free, Attempt body) throws IOException {
        fill();
        free(free);
        String outcome;
        try {
            body.run();
            outcome = "works";
        } catch (Throwable failure) {
            outcome = "fails " + failure;
        }
        free(Integer.MAX_VALUE);
        System.out.println(name + " " + free + " " + leaked() + " " + outcome);
    }

    @Async
    private static Coroutine<Void> connect(SocketAddress address) throws IOException {
        try (Connection connection = await(Net.connect(address))) {
            return connection.write(new byte[1]);
        }
    }

    @Async
    private static Coroutine<Void> serve() throws IOException {
        try (Server server = await(Net.serve(RawPeer.ANY_PORT, connection -> Coroutine.done()))) {
            await(sleep(0));
            return Coroutine.done();
        }
    }

    @Async
    private static Coroutine<Void> datagram() throws IOException {
        try (Datagram datagram = await(Datagram.bind(RawPeer.ANY_PORT))) {
            await(sleep(0));
            return Coroutine.done();
        }
    }

    @Async
    private static Coroutine<Void> process() throws IOException {
        Subprocess process = await(Subprocess.exec("/bin/cat"));
        String output = new String(await(process.communicate("text".getBytes())).output());
        if (!output.equals("text")) {
            throw new AssertionError(output);
        }
        return Coroutine.done();
    }

    private static void serveOnWorkers(int free) throws IOException {
        try (Workers workers = Workers.start(2)) {
            run(() -> {
                Server server = await(Net.serve(workers, RawPeer.ANY_PORT, connection -> Coroutine.done()));
                server.close();
                return server.waitClosed();
            });
        }
    }

    /** A server that cannot accept, and can again. The clients have their descriptors already. */
    private static void accept() throws IOException {
        int[] reports = {0};
        run(() -> {
            EventLoop loop = Asyncio.getRunningLoop();
            loop.setExceptionHandler((source, report) -> {
                reports[0]++;
                System.out.println("report " + report.get("message"));
            });
            Server server = await(Net.serve(RawPeer.ANY_PORT, connection -> connection.write("served".getBytes())));
            Task<Void> ticking = createTask(tick());
            await(sleep(0)); // the selector has its descriptors
            fill();
            SocketChannel[] clients = new SocketChannel[5];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = FILLING.pop();
                clients[i].connect(Objects.requireNonNull(server.localAddress()));
                clients[i].configureBlocking(false);
            }
            while (reports[0] == 0) {
                await(sleep(0.001));
            }
            await(sleep(1.5)); // another try, which is not reported
            System.out.println("connections " + server.connections().size());
            free(Integer.MAX_VALUE);
            for (SocketChannel client : clients) {
                ByteBuffer answer = ByteBuffer.allocate(6);
                while (answer.hasRemaining() && client.read(answer) >= 0) {
                    await(sleep(0.001));
                }
                System.out.println(new String(answer.array()));
                client.close();
            }
            ticking.cancel();
            server.close();
            await(server.waitClosed());
            return Coroutine.done();
        });
        System.out.println("reports " + reports[0]);
    }

    /** Other coroutines of the loop go on. */
    @Async
    private static Coroutine<Void> tick() {
        while (true) {
            await(sleep(Duration.ofMillis(10)));
        }
    }
}

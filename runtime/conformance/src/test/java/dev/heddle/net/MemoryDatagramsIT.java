package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.net.DatagramNetwork.address;
import static dev.heddle.net.DatagramNetwork.bytes;
import static dev.heddle.net.DatagramNetwork.next;
import static dev.heddle.net.DatagramNetwork.text;
import static dev.heddle.net.DatagramNetwork.turns;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.testing.CoroutineTest;
import dev.heddle.testing.EventRecorder;
import dev.heddle.testing.MemoryDatagrams;
import dev.heddle.testing.TestLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a test can set of a network of datagrams in memory. */
class MemoryDatagramsIT {

    private static final SocketAddress SERVER = new InetSocketAddress("10.0.0.1", 53);

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** Adds each datagram that arrives to {@code events}, with its time, until the end is closed. */
    @Async
    private static Coroutine<Void> record(Datagram end, EventRecorder events) throws IOException {
        try {
            while (true) {
                events.at(await(next(end)));
            }
        } catch (ConnectionClosedException closed) {
            return Coroutine.done();
        }
    }

    @Async
    private static Coroutine<Void> sendAll(Datagram client, String... texts) throws IOException {
        for (String text : texts) {
            await(client.send(bytes(text)));
        }
        return Coroutine.done();
    }

    /** Sends {@code texts} from a connected end to a server in {@code network}, which records what arrives within an hour. */
    @Async
    private static Coroutine<Void> exchange(MemoryDatagrams network, EventRecorder events, String... texts)
            throws IOException {
        Datagram server = await(network.bind(SERVER));
        Datagram client = await(network.connect(SERVER));
        Task<Void> recording = createTask(record(server, events));
        await(sendAll(client, texts));
        await(sleep(Duration.ofHours(1)));
        server.close();
        client.close();
        await(recording);
        return Coroutine.done();
    }

    // Faults that a function decides

    @CoroutineTest
    void latencyTakesVirtualTimeForEachWay(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().latency(Duration.ofSeconds(2));
            Datagram server = await(network.bind(SERVER));
            Datagram client = await(network.connect(SERVER));
            for (int i = 0; i < 3; i++) {
                await(client.send(bytes("question")));
                ByteBuffer target = ByteBuffer.allocate(100);
                SocketAddress sender = await(server.receive(target));
                events.at(text(target));
                await(server.send(bytes("answer"), sender));
                events.at(await(next(client)));
            }
            return Coroutine.done();
        });
        events.assertEvents("question@2", "answer@4", "question@6", "answer@8", "question@10", "answer@12");
    }

    @CoroutineTest
    void functionDecidesAboutEachDatagram(TestLoop test, EventRecorder events) {
        test.run(() -> exchange(
                MemoryDatagrams.create().latency(Duration.ofSeconds(1)).arrivals(packet -> switch ((int)
                        packet.number()) {
                    case 1 -> List.of(Duration.ofSeconds(5)); // overtaken
                    case 3 -> List.of(); // lost
                    case 4 -> List.of(Duration.ZERO, Duration.ofSeconds(2)); // duplicated
                    default -> List.of(Duration.ZERO);
                }),
                events,
                "one",
                "two",
                "three",
                "four"));
        events.assertEvents("two@1", "four@1", "four@3", "one@6");
    }

    @CoroutineTest
    void functionKnowsTheDatagram(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            SocketAddress node = new InetSocketAddress("10.0.0.2", 7);
            Datagram server = await(network.bind(SERVER));
            Datagram other = await(network.bind(node));
            network.arrivals(packet -> {
                String text = UTF_8.decode(packet.bytes()).toString();
                assertTrue(packet.bytes().isReadOnly());
                events.add(packet.number() + " " + text + " " + packet.sender() + " " + packet.target());
                return packet.target().equals(node) ? List.of() : List.of(millis(1)); // node is cut off
            });
            await(other.send(bytes("to the server"), SERVER));
            await(server.send(bytes("to the node"), node));
            await(server.send(bytes("to itself"), SERVER));
            events.add(await(next(server)));
            events.add(await(next(server)));
            await(raised(TimeoutException.class, Asyncio.waitFor(next(other), millis(100))));
            return Coroutine.done();
        });
        events.assertEvents(
                "1 to the server /10.0.0.2:7 /10.0.0.1:53",
                "2 to the node /10.0.0.1:53 /10.0.0.2:7",
                "3 to itself /10.0.0.1:53 /10.0.0.1:53",
                "to the server",
                "to itself");
    }

    @CoroutineTest
    void functionMakesSendingFail(TestLoop test, EventRecorder events) {
        IOException unreachable = new NoRouteToHostException("Network is unreachable");
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().arrivals(packet -> {
                if (packet.number() == 2) {
                    throw unreachable;
                }
                return List.of(Duration.ZERO);
            });
            Datagram server = await(network.bind(SERVER));
            Datagram client = await(network.connect(SERVER));
            await(client.send(bytes("one")));
            ByteBuffer two = bytes("two");
            SocketException failure = await(raised(SocketException.class, client.send(two)));
            assertEquals(
                    "cannot send a datagram of 3 bytes to 10.0.0.1:53: Network is unreachable", failure.getMessage());
            assertSame(unreachable, failure.getCause());
            await(client.send(two)); // nothing was taken of it
            events.add(await(next(server)));
            events.add(await(next(server)));
            return Coroutine.done();
        });
        events.assertEvents("one", "two");
    }

    @CoroutineTest
    void equalTimesKeepTheOrderOfSends(TestLoop test, EventRecorder events) {
        String[] texts = new String[100];
        Object[] expected = new Object[100];
        for (int i = 0; i < 100; i++) {
            texts[i] = "n" + i;
            expected[i] = "n" + i + "@0.25";
        }
        test.run(() -> exchange(MemoryDatagrams.create().latency(millis(250)), events, texts));
        events.assertEvents(expected);
    }

    // Faults that a seed decides

    /** Returns the numbers of the datagrams that arrive, of 1000. */
    private static List<Integer> arrivals(long seed, double loss, double duplication, Duration jitter) {
        List<Integer> arrived = new ArrayList<>();
        try (EventLoop loop = EventLoop.virtualTime()) {
            loop.runUntilComplete(() -> {
                MemoryDatagrams network = MemoryDatagrams.create()
                        .loss(loss)
                        .duplication(duplication)
                        .jitter(jitter)
                        .seed(seed);
                Datagram server = await(network.bind(SERVER));
                Datagram client = await(network.connect(SERVER));
                for (int i = 0; i < 1000; i++) {
                    await(client.send(bytes(String.valueOf(i))));
                }
                await(sleep(jitter));
                network.loss(0).duplication(0);
                await(client.send(bytes("-1")));
                int next;
                do {
                    next = Integer.parseInt(await(next(server)));
                    arrived.add(next);
                } while (next >= 0);
                return Coroutine.done();
            });
        }
        return arrived.subList(0, arrived.size() - 1);
    }

    @CoroutineTest
    void seedDecides() {
        Set<List<Integer>> different = new HashSet<>();
        for (long seed = 0; seed < 5; seed++) {
            List<Integer> lossy = arrivals(seed, 0.2, 0, Duration.ZERO);
            assertTrue(lossy.size() > 700 && lossy.size() < 900, "arrived: " + lossy.size());
            assertEquals(lossy.stream().sorted().distinct().toList(), lossy);
            assertEquals(lossy, arrivals(seed, 0.2, 0, Duration.ZERO));
            List<Integer> twice = arrivals(seed, 0, 0.2, Duration.ZERO);
            assertTrue(twice.size() > 1100 && twice.size() < 1300, "arrived: " + twice.size());
            assertEquals(1000, twice.stream().distinct().count());
            List<Integer> mixed = arrivals(seed, 0, 0, millis(10));
            assertEquals(1000, mixed.size());
            assertNotEquals(mixed.stream().sorted().toList(), mixed);
            assertEquals(mixed, arrivals(seed, 0, 0, millis(10)));
            different.addAll(List.of(lossy, twice, mixed));
        }
        assertEquals(15, different.size());
        assertEquals(List.of(), arrivals(0, 1, 0, Duration.ZERO));
        assertEquals(2000, arrivals(0, 0, 1, Duration.ZERO).size());
    }

    // Buffers

    @CoroutineTest
    void datagramsWithoutRoomAreLost(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            Datagram server = await(network.bind(SERVER, DatagramOptions.DEFAULT.withReceiveBuffer(7)));
            Datagram client = await(network.connect(SERVER));
            Task<Void> recording = createTask(record(server, events));
            await(turns(2));
            await(sendAll(client, "one", "three", "four", "", "too many"));
            await(sleep(1));
            await(sendAll(client, "again"));
            await(sleep(1));
            server.close();
            await(recording);
            return Coroutine.done();
        });
        events.assertEvents("one@0", "four@0", "@0", "again@1");
    }

    @CoroutineTest
    void senderWaitsWhileItsBufferIsFull(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network =
                    MemoryDatagrams.create().rate(10).latency(Duration.ofSeconds(100)); // ten bytes in a second
            Datagram server = await(network.bind(SERVER));
            Datagram client = await(network.connect(SERVER, DatagramOptions.DEFAULT.withSendBuffer(20)));
            Task<Void> recording = createTask(record(server, events));
            for (String each : List.of("0123456789", "1123456789", "2123456789", "3123456789 longer than its buffer")) {
                await(client.send(bytes(each)));
                events.at("sent " + each.charAt(0));
            }
            await(sleep(200));
            server.close();
            await(recording);
            return Coroutine.done();
        });
        events.assertEvents(
                "sent 0@0",
                "sent 1@0",
                "sent 2@1",
                "sent 3@3",
                "0123456789@101",
                "1123456789@102",
                "2123456789@103",
                "3123456789 longer than its buffer@106.3");
    }

    @CoroutineTest
    void waitingSenderIsAloneAndCanBeCancelledOrClosed(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().rate(1);
            Datagram server = await(network.bind(SERVER));
            Datagram client = await(network.connect(SERVER, DatagramOptions.DEFAULT.withSendBuffer(1)));
            await(client.send(bytes("first")));
            ByteBuffer source = bytes("second");
            Task<Void> sending = createTask(client.send(source));
            await(turns(3));
            assertFalse(sending.isDone());
            IllegalStateException refused = await(raised(IllegalStateException.class, client.send(bytes("third"))));
            assertEquals(
                    "send() called while another coroutine is already sending with " + client
                            + "; let one coroutine send, or hold a Lock while sending",
                    refused.getMessage());
            sending.cancel();
            await(raised(CancelledError.class, sending));
            assertEquals(6, source.remaining());
            Task<Void> again = createTask(client.send(source));
            await(turns(3));
            client.close();
            await(raised(ConnectionClosedException.class, again));
            assertEquals("first", await(next(server)), "what was sent arrives");
            return Coroutine.done();
        });
    }

    // Failures

    @CoroutineTest
    void unreachableAfterBothWays(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().latency(Duration.ofSeconds(1));
            Datagram client = await(network.connect(SERVER));
            await(client.send(bytes("nobody")));
            await(raised(PortUnreachableException.class, next(client)));
            events.at("unreachable");
            await(client.send(bytes("still nobody")));
            await(sleep(2));
            await(raised(PortUnreachableException.class, client.send(bytes("not sent"))));
            events.at("unreachable");
            Datagram server = await(network.bind(SERVER));
            await(client.send(bytes("somebody")));
            events.at(await(next(server)));
            return Coroutine.done();
        });
        events.assertEvents("unreachable@2", "unreachable@4", "somebody@5");
    }

    @CoroutineTest
    void testMakesAnEndFail(TestLoop test) {
        IOException broken = new IOException("test");
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().rate(1);
            Datagram server = await(network.bind(SERVER));
            Task<String> receiving = createTask(next(server));
            await(turns(2));
            network.fail(SERVER, broken);
            assertSame(broken, await(raised(IOException.class, receiving)));
            network.fail(SERVER, broken);
            assertSame(
                    broken,
                    await(raised(SocketException.class, server.send(bytes("x"), SERVER)))
                            .getCause());
            await(server.send(ByteBuffer.allocate(65_000), SERVER));
            await(server.send(ByteBuffer.allocate(65_000), SERVER));
            await(server.send(ByteBuffer.allocate(65_000), SERVER));
            Task<Void> sending = createTask(server.send(ByteBuffer.allocate(65_000), SERVER));
            await(turns(3));
            assertFalse(sending.isDone());
            network.fail(SERVER, broken);
            await(raised(SocketException.class, sending));
            server.close();
            assertThrows(IllegalArgumentException.class, () -> network.fail(SERVER, broken));
            return Coroutine.done();
        });
    }

    // Addresses

    @CoroutineTest
    void addressesBelongToOneEndEach(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            Datagram first = await(network.bind(SERVER));
            BindException taken = await(raised(BindException.class, network.bind(SERVER)));
            assertEquals(
                    "cannot bind to 10.0.0.1:53 in memory: the address is in use; close the other end, or choose another"
                            + " address or port",
                    taken.getMessage());
            SocketAddress everywhere = new InetSocketAddress("0.0.0.0", 53);
            Datagram wildcard = await(network.bind(everywhere));
            await(raised(BindException.class, network.bind(everywhere)));
            Datagram client = await(network.bind(new InetSocketAddress("10.0.0.9", 0)));
            await(client.send(bytes("first"), SERVER));
            await(client.send(bytes("wildcard"), new InetSocketAddress("10.0.0.2", 53)));
            await(client.send(bytes("itself"), everywhere));
            assertEquals("first", await(next(first)));
            assertEquals("wildcard", await(next(wildcard)));
            assertEquals("itself", await(next(wildcard)));
            await(wildcard.send(bytes("from loopback"), address(client)));
            ByteBuffer target = ByteBuffer.allocate(100);
            assertEquals(new InetSocketAddress("127.0.0.1", 53), await(client.receive(target)));
            first.close();
            wildcard.close();
            await(network.bind(everywhere));
            Datagram again = await(network.bind(SERVER));
            await(client.send(bytes("again"), SERVER));
            assertEquals("again", await(next(again)), "what was sent to the closed one is gone");
            assertEquals("<Datagram 10.0.0.1:53>", again.toString());
            assertEquals("<MemoryDatagrams 3 ends, 5 sent>", network.toString());
            return Coroutine.done();
        });
    }

    @CoroutineTest
    void everyPortIsGivenOnce(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            SocketAddress any = new InetSocketAddress("10.0.0.1", 0);
            Set<SocketAddress> addresses = new HashSet<>();
            Datagram last = null;
            for (int i = 0; i < 16_384; i++) {
                last = await(network.bind(any));
                assertTrue(addresses.add(address(last)));
            }
            BindException none = await(raised(BindException.class, network.bind(any)));
            assertEquals("all ports of 10.0.0.1 in memory are in use; close some ends", none.getMessage());
            await(network.bind(new InetSocketAddress("10.0.0.2", 0)));
            SocketAddress freed = address(Objects.requireNonNull(last));
            last.close();
            assertEquals(freed, address(await(network.bind(any))));
            return Coroutine.done();
        });
    }

    @CoroutineTest
    void badUseIsRefused(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            assertThrows(IllegalArgumentException.class, () -> network.latency(millis(-1)));
            assertThrows(IllegalArgumentException.class, () -> network.jitter(millis(-1)));
            assertThrows(IllegalArgumentException.class, () -> network.loss(1.1));
            assertThrows(IllegalArgumentException.class, () -> network.loss(Double.NaN));
            assertThrows(IllegalArgumentException.class, () -> network.duplication(-0.1));
            assertThrows(IllegalArgumentException.class, () -> network.rate(0));
            Datagram end = await(network.bind(SERVER));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> end.join(InetAddress.getByName("239.255.7.7"), NetworkInterface.getByIndex(1)));
            network.arrivals(packet -> List.of(millis(-1)));
            await(raised(IllegalArgumentException.class, end.send(bytes("x"), SERVER)));
            return Coroutine.done();
        });
    }

    @CoroutineTest
    void networkBelongsToALoop(TestLoop test) {
        MemoryDatagrams network = test.run(() -> Coroutine.of(MemoryDatagrams.create()));
        try (EventLoop other = EventLoop.virtualTime()) {
            IllegalStateException refused =
                    other.runUntilComplete(() -> raised(IllegalStateException.class, network.bind(SERVER)));
            assertEquals("this network belongs to another loop; make one for each loop", refused.getMessage());
        }
    }

    // An example: gossip among five nodes over a network that loses half of the datagrams

    @Async
    private static Coroutine<Void> gossip(Datagram node, List<SocketAddress> peers, Set<String> known, int rounds)
            throws IOException {
        Task<Void> hearing = createTask(hear(node, known));
        for (int round = 0; round < rounds; round++) {
            for (SocketAddress peer : peers) {
                await(node.send(bytes(String.join(",", known)), peer));
            }
            await(sleep(1));
        }
        node.close();
        await(hearing);
        return Coroutine.done();
    }

    @Async
    private static Coroutine<Void> hear(Datagram node, Set<String> known) throws IOException {
        try {
            while (true) {
                known.addAll(List.of(await(next(node)).split(",")));
            }
        } catch (ConnectionClosedException closed) {
            return Coroutine.done();
        }
    }

    @CoroutineTest
    void gossipReachesEveryNode(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create()
                    .latency(millis(20))
                    .jitter(millis(500))
                    .loss(0.5)
                    .duplication(0.1)
                    .seed(7);
            List<SocketAddress> addresses = new ArrayList<>();
            List<Set<String>> known = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                addresses.add(new InetSocketAddress("10.0.0." + i, 7946));
                known.add(new HashSet<>(Set.of("node " + i)));
            }
            List<Task<Void>> nodes = new ArrayList<>();
            for (int i = 0; i < 5; i++) { // each knows the next only
                nodes.add(createTask(gossip(
                        await(network.bind(addresses.get(i))), List.of(addresses.get((i + 1) % 5)), known.get(i), 60)));
            }
            for (Task<Void> node : nodes) {
                await(node);
            }
            for (Set<String> each : known) {
                assertEquals(Set.of("node 0", "node 1", "node 2", "node 3", "node 4"), each);
            }
            assertEquals(60, test.time());
            return Coroutine.done();
        });
    }

    // Small things that systems do

    @Async
    private static Coroutine<Void> sendAfterASecond(Datagram client) throws IOException {
        await(sleep(1));
        return client.send(bytes(""));
    }

    @CoroutineTest
    void emptyDatagramDoesNotOvertakeASlowOne(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create().rate(10);
            Datagram server = await(network.bind(SERVER));
            Datagram client = await(network.connect(SERVER));
            Task<Void> recording = createTask(record(server, events));
            Task<Void> later =
                    createTask(sendAfterASecond(client)); // at the time at which the first one arrives, but before it
            await(sleep(0));
            await(client.send(bytes("0123456789")));
            await(later);
            await(sleep(1));
            server.close();
            client.close();
            return Coroutine.of(await(recording));
        });
        events.assertEvents("0123456789@1", "@1");
    }

    @CoroutineTest
    void chosenPortIsNotThatOfAnEndAtTheWildcardAddress(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            Datagram server = await(network.bind(new InetSocketAddress("0.0.0.0", 49_152)));
            Datagram client = await(network.connect(new InetSocketAddress("127.0.0.1", 49_152)));
            assertNotEquals(client.remoteAddress(), client.localAddress());
            await(client.send(bytes("question")));
            assertEquals("question", await(next(server)));
            Datagram wildcard = await(network.bind(new InetSocketAddress("0.0.0.0", 0)));
            int port = ((InetSocketAddress) Objects.requireNonNull(wildcard.localAddress())).getPort();
            assertNotEquals(((InetSocketAddress) Objects.requireNonNull(client.localAddress())).getPort(), port);
            return Coroutine.done();
        });
    }

    @CoroutineTest
    void eachFailureIsThrownOnce(TestLoop test, EventRecorder events) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            Datagram client = await(network.connect(SERVER));
            await(client.send(bytes("to nobody")));
            SocketAddress local = Objects.requireNonNull(client.localAddress());
            network.fail(local, new IOException("first"));
            network.fail(local, new IOException("second"));
            for (int i = 0; i < 3; i++) {
                events.add(String.valueOf(
                                await(raised(IOException.class, next(client))).getMessage())
                        .replaceFirst(":.*", ""));
            }
            return Coroutine.done();
        });
        events.assertEvents("port unreachable", "first", "second");
    }

    @CoroutineTest
    void oneDatagramAlwaysHasRoom(TestLoop test) {
        test.run(() -> {
            MemoryDatagrams network = MemoryDatagrams.create();
            Datagram server = await(network.bind(SERVER, DatagramOptions.DEFAULT.withReceiveBuffer(4096)));
            Datagram client = await(network.connect(SERVER));
            await(client.send(bytes("x".repeat(8000))));
            ByteBuffer target = ByteBuffer.allocate(10_000);
            await(server.receive(target));
            assertEquals(8000, target.position());
            return Coroutine.done();
        });
    }
}

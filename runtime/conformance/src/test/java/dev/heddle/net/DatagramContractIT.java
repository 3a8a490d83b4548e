package dev.heddle.net;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.waitFor;
import static dev.heddle.cpython.Blocks.raised;
import static dev.heddle.net.DatagramNetwork.PATIENCE;
import static dev.heddle.net.DatagramNetwork.address;
import static dev.heddle.net.DatagramNetwork.bytes;
import static dev.heddle.net.DatagramNetwork.next;
import static dev.heddle.net.DatagramNetwork.receive;
import static dev.heddle.net.DatagramNetwork.text;
import static dev.heddle.net.DatagramNetwork.turns;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.net.DatagramNetwork.Kind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What datagrams have to do, whatever their transport is. Few are on their way at once, so that no system loses one. */
class DatagramContractIT {

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    // There and back

    @ParameterizedTest
    @EnumSource
    void receiverKnowsTheSender(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram bound = await(network.bind());
            Datagram connected = await(network.connect(address(server)));
            assertNotEquals(address(bound), address(server));
            ByteBuffer target = ByteBuffer.allocate(100);
            await(bound.send(bytes("from a bound end"), address(server)));
            assertEquals(address(bound), await(receive(server, target)));
            await(connected.send(bytes("from a connected end")));
            assertEquals(address(connected), await(receive(server, target)));
            assertEquals("from a bound endfrom a connected end", text(target));
            for (Datagram client : List.of(bound, connected)) {
                await(server.send(bytes("answer"), address(client)));
                assertEquals(address(server), await(receive(client, target.clear())));
                assertEquals("answer", text(target));
            }
            assertEquals(address(server), connected.remoteAddress());
            assertNull(bound.remoteAddress());
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void boundariesAndOrderAreKept(Kind kind) throws IOException {
        int[] sizes = {1, 0, 2, 0, 0, 1_000, 3, 999, 1, 1_400, 0, 512, 1};
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            for (boolean waiting : List.of(false, true)) {
                List<Integer> received = new ArrayList<>();
                Task<Void> receiving = waiting ? createTask(sizes(server, sizes.length, received)) : null;
                await(turns(3));
                for (int size : sizes) {
                    await(client.send(ByteBuffer.wrap(pattern(size))));
                }
                await(receiving == null ? sizes(server, sizes.length, received) : receiving);
                assertEquals(Arrays.stream(sizes).boxed().toList(), received);
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> sizes(Datagram end, int count, List<Integer> received) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(2_000);
        for (int i = 0; i < count; i++) {
            await(receive(end, target.clear()));
            received.add(target.position());
            assertArrayEquals(pattern(target.position()), Arrays.copyOf(target.array(), target.position()));
        }
        return Coroutine.done();
    }

    /** The rest of the source is sent, and at once a copy of it: the program may use the buffer for something else. */
    @ParameterizedTest
    @EnumSource
    void sourceIsConsumedAndCopied(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.bind());
            for (ByteBuffer source : List.of(ByteBuffer.allocate(9), ByteBuffer.allocateDirect(9))) {
                source.put("[content]".getBytes(UTF_8)).position(1).limit(8);
                await(client.send(source, address(server)));
                assertEquals(8, source.position());
                source.clear().put("---------".getBytes(UTF_8));
                assertEquals("content", await(receive(server)));
                await(client.send(source.flip().asReadOnlyBuffer(), address(server)));
                assertEquals("---------", await(receive(server)));
            }
            return Coroutine.done();
        });
    }

    /** Bytes go to the position of the target, whether it has room for any datagram or just for this one. */
    @ParameterizedTest
    @EnumSource
    void targetsOfAllSizes(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            for (int room : new int[] {7, 8, 65_534, 65_535, 65_536, 100_000}) {
                for (ByteBuffer target :
                        List.of(ByteBuffer.allocate(2 + room + 2), ByteBuffer.allocateDirect(2 + room + 2))) {
                    await(client.send(bytes("content")));
                    target.put(bytes("ab")).limit(2 + room);
                    await(receive(server, target));
                    assertEquals(2 + room, target.limit());
                    assertEquals("abcontent", text(target));
                }
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> server.receive(ByteBuffer.allocate(10).asReadOnlyBuffer()));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void truncationIsTold(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            for (int room = 0; room < 7; room++) {
                await(client.send(bytes("content")));
                await(client.send(ByteBuffer.allocate(0)));
                ByteBuffer target = ByteBuffer.allocate(room);
                DatagramTruncatedException lost =
                        await(raised(DatagramTruncatedException.class, receive(server, target)));
                assertEquals(7, lost.size());
                assertEquals(address(client), lost.sender());
                assertEquals("content".substring(0, room), text(target));
                assertEquals("", await(receive(server)), "the rest is lost");
            }
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void largestDatagram(Kind kind) throws IOException {
        byte[] most = pattern(65_507);
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            for (ByteBuffer target : List.of(ByteBuffer.allocate(65_507), ByteBuffer.allocate(70_000))) {
                await(client.send(ByteBuffer.wrap(most)));
                await(receive(server, target));
                assertArrayEquals(most, Arrays.copyOf(target.array(), target.position()));
            }
            ByteBuffer tooLong = ByteBuffer.allocate(65_528);
            SocketException failure = await(raised(SocketException.class, client.send(tooLong)));
            String start = "cannot send a datagram of 65528 bytes to " + Failures.text(address(server)) + ": ";
            assertTrue(failure.getMessage().startsWith(start), failure.getMessage());
            assertEquals(65_528, tooLong.remaining());
            await(client.send(bytes("the end is as before")));
            assertEquals("the end is as before", await(receive(server)));
            return Coroutine.done();
        });
    }

    // Cancelling and closing

    /** Cancels a receive after each number of turns, before and after a datagram is sent. */
    @ParameterizedTest
    @EnumSource
    void cancelledReceiveLosesNone(Kind kind) throws IOException {
        for (int before = 0; before < 5; before++) {
            for (int after = 0; after < 5; after++) {
                int turnsBefore = before;
                int turnsAfter = after;
                DatagramNetwork.with(kind, network -> {
                    Datagram server = await(network.bind());
                    Datagram client = await(network.connect(address(server)));
                    Task<String> receiving = createTask(next(server));
                    await(turns(turnsBefore));
                    await(client.send(bytes("first")));
                    await(client.send(bytes("second")));
                    await(turns(turnsAfter));
                    receiving.cancel();
                    List<String> received = new ArrayList<>();
                    try {
                        received.add(await(receiving));
                    } catch (CancelledError cancelled) {
                        received.add(await(receive(server)));
                    }
                    received.add(await(receive(server)));
                    assertEquals(List.of("first", "second"), received);
                    return Coroutine.done();
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedOutReceiveLosesNone(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            await(raised(TimeoutException.class, waitFor(next(server), Duration.ofMillis(10))));
            for (int millis : new int[] {0, 1, 300, 301}) {
                await(client.send(bytes("kept")));
                String received;
                try {
                    received = await(waitFor(next(server), Duration.ofMillis(millis)));
                } catch (TimeoutException late) {
                    received = await(receive(server));
                }
                assertEquals("kept", received);
            }
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void secondReceiverIsRefused(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.bind());
            Task<String> receiving = createTask(next(server));
            await(turns(2));
            IllegalStateException refused = await(raised(IllegalStateException.class, next(server)));
            assertEquals(
                    "receive() called while another coroutine is already receiving with " + server
                            + "; let one coroutine receive, and pass on what it has received",
                    refused.getMessage());
            await(server.send(bytes("sending is possible"), address(client)));
            assertEquals("sending is possible", await(receive(client)));
            await(client.send(bytes("for the first"), address(server)));
            assertEquals("for the first", await(waitFor(receiving, PATIENCE)));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsTheWait(Kind kind) throws IOException {
        for (int turns = 0; turns < 4; turns++) {
            int patience = turns;
            DatagramNetwork.with(kind, network -> {
                Datagram server = await(network.bind());
                Datagram client = await(network.connect(address(server)));
                Task<String> receiving = createTask(next(server));
                await(turns(patience));
                server.close();
                server.close();
                await(raised(ConnectionClosedException.class, waitFor(receiving, PATIENCE)));
                await(raised(ConnectionClosedException.class, next(server)));
                await(raised(ConnectionClosedException.class, server.send(bytes("x"), address(client))));
                assertTrue(server.isClosed());
                assertNull(server.localAddress());
                assertEquals("<Datagram closed>", server.toString());
                assertFalse(client.isClosed());
                return Coroutine.done();
            });
        }
    }

    // Addresses

    @ParameterizedTest
    @EnumSource
    void connectedEndGetsOnlyWhatItsPeerSends(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram stranger = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            await(stranger.send(bytes("from a stranger"), address(client)));
            await(server.send(bytes("from the server"), address(client)));
            assertEquals("from the server", await(receive(client)));
            await(raised(TimeoutException.class, waitFor(next(client), Duration.ofMillis(10))));
            IllegalStateException other =
                    await(raised(IllegalStateException.class, client.send(bytes("x"), address(stranger))));
            assertTrue(other.getMessage().contains(" is connected, and cannot send to "), other.getMessage());
            IllegalStateException nowhere = assertThrows(IllegalStateException.class, () -> server.send(bytes("x")));
            assertTrue(nowhere.getMessage().contains(" is not connected; "), nowhere.getMessage());
            await(client.send(bytes("to its address"), address(server)));
            assertEquals("to its address", await(receive(server)));
            return Coroutine.done();
        });
    }

    /** Returns an address at which nobody receives what strangers send, and which nobody else can get. */
    @Async
    private static Coroutine<SocketAddress> deaf(DatagramNetwork network) throws Exception {
        return Coroutine.of(address(await(network.connect(address(await(network.bind()))))));
    }

    @ParameterizedTest
    @EnumSource
    void unreachablePortOfAConnectedEnd(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            SocketAddress address = await(deaf(network));
            Datagram client = await(network.connect(address));
            for (String each : List.of("anybody?", "", "nobody")) { // the end stays usable
                await(client.send(bytes(each)));
                PortUnreachableException unreachable = await(raised(PortUnreachableException.class, receive(client)));
                assertEquals(
                        "port unreachable: nobody receives datagrams at " + Failures.text(address)
                                + "; start the program there, or check the address",
                        unreachable.getMessage());
            }
            return Coroutine.done();
        });
    }

    /** A bound end has many peers, so the loss of one is nothing to it. */
    @ParameterizedTest
    @EnumSource
    void unreachablePortIsNothingToABoundEnd(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.bind());
            await(server.send(bytes("anybody?"), await(deaf(network))));
            await(turns(3));
            await(client.send(bytes("me"), address(server)));
            assertEquals("me", await(receive(server)));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void wildcardAddress(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind(new InetSocketAddress(kind.wildcard(), 0)));
            int port = ((InetSocketAddress) address(server)).getPort();
            assertTrue(((InetSocketAddress) address(server)).getAddress().isAnyLocalAddress());
            Datagram client = await(network.connect(new InetSocketAddress(network.host, port)));
            ByteBuffer target = ByteBuffer.allocate(100);
            await(client.send(bytes("question")));
            SocketAddress sender = await(receive(server, target));
            assertEquals(address(client), sender);
            await(server.send(bytes("answer"), sender));
            assertEquals("answer", await(receive(client)));
            return Coroutine.done();
        });
    }

    @ParameterizedTest
    @EnumSource
    void badAddressesAreRefused(Kind kind) throws IOException {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("no.such.host", 5);
        SocketAddress unix = UnixDomainSocketAddress.of("/tmp/x");
        DatagramNetwork.with(kind, network -> {
            Datagram one = await(network.bind());
            BindException inUse = await(raised(BindException.class, network.bind(address(one))));
            assertTrue(inUse.getMessage().contains(Failures.text(address(one))), inUse.getMessage());
            for (Coroutine<?> each :
                    List.of(network.bind(unresolved), network.connect(unresolved), one.send(bytes("x"), unresolved))) {
                UnknownHostException unknown = await(raised(UnknownHostException.class, each));
                assertTrue(unknown.getMessage().startsWith("host \"no.such.host\" has no known address; "));
            }
            await(raised(IllegalArgumentException.class, network.bind(unix)));
            await(raised(IllegalArgumentException.class, network.connect(unix)));
            assertThrows(IllegalArgumentException.class, () -> one.send(bytes("x"), unix));
            return Coroutine.done();
        });
    }

    @SuppressWarnings("heddle") // blocks on purpose
    @ParameterizedTest
    @EnumSource
    void otherThreadsAreRefused(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram one = await(network.bind());
            List<Throwable> refused = new ArrayList<>();
            Thread other = new Thread(() -> refused.add(assertThrows(IllegalStateException.class, one::close)));
            other.start();
            other.join();
            assertEquals(1, refused.size());
            assertFalse(one.isClosed());
            return Coroutine.done();
        });
    }

    // Many

    @ParameterizedTest
    @EnumSource
    void severalSenders(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Map<SocketAddress, StringBuilder> sent = new HashMap<>();
            Map<SocketAddress, StringBuilder> received = new HashMap<>();
            List<Datagram> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                clients.add(await(network.connect(address(server))));
            }
            for (int i = 0; i < 5; i++) {
                for (Datagram client : clients) {
                    String text = i + " from " + clients.indexOf(client) + ", ";
                    await(client.send(bytes(text)));
                    sent.computeIfAbsent(address(client), key -> new StringBuilder())
                            .append(text);
                }
            }
            for (int i = 0; i < 25; i++) {
                ByteBuffer target = ByteBuffer.allocate(100);
                SocketAddress sender = await(receive(server, target));
                received.computeIfAbsent(sender, key -> new StringBuilder()).append(text(target));
            }
            assertEquals(sent.keySet(), received.keySet());
            sent.forEach((sender, text) ->
                    assertEquals(text.toString(), received.get(sender).toString()));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> echo(Datagram server) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1_000);
        while (true) {
            SocketAddress sender = await(server.receive(buffer.clear()));
            await(server.send(buffer.flip(), sender));
        }
    }

    @Async
    private static Coroutine<Integer> ask(Datagram client, int questions) throws IOException {
        int answers = 0;
        for (int i = 0; i < questions; i++) {
            String question = "question " + i + " of " + address(client);
            await(client.send(bytes(question)));
            answers += question.equals(await(receive(client))) ? 1 : 0;
        }
        return Coroutine.of(answers);
    }

    @ParameterizedTest
    @EnumSource
    void echoAmongMany(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Task<Void> echoing = createTask(echo(server));
            List<Task<Integer>> asking = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                asking.add(createTask(ask(await(network.connect(address(server))), 20)));
            }
            for (Task<Integer> each : asking) {
                assertEquals(20, await(each));
            }
            server.close();
            await(raised(ConnectionClosedException.class, echoing));
            return Coroutine.done();
        });
    }

    /** Each of six ends sends to all others while it receives. */
    @ParameterizedTest
    @EnumSource
    void everyEndSendsToEveryOther(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            List<Datagram> ends = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                ends.add(await(network.bind()));
            }
            List<Task<TreeSet<String>>> receiving = new ArrayList<>();
            for (Datagram end : ends) {
                receiving.add(createTask(receiveSet(end, ends.size() - 1)));
            }
            for (Datagram from : ends) {
                for (Datagram to : ends) {
                    if (from != to) {
                        await(from.send(bytes(ends.indexOf(from) + " to " + ends.indexOf(to)), address(to)));
                    }
                }
            }
            for (int to = 0; to < ends.size(); to++) {
                TreeSet<String> expected = new TreeSet<>();
                for (int from = 0; from < ends.size(); from++) {
                    if (from != to) {
                        expected.add(from + " to " + to);
                    }
                }
                assertEquals(expected, await(receiving.get(to)));
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<TreeSet<String>> receiveSet(Datagram end, int count) throws IOException {
        TreeSet<String> received = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            received.add(await(receive(end)));
        }
        return Coroutine.of(received);
    }

    /** Neither a sender nor a receiver that never has to wait keeps the loop for itself. */
    @ParameterizedTest
    @EnumSource
    void busyEndsLetOthersRun(Kind kind) throws IOException {
        DatagramNetwork.with(kind, network -> {
            Datagram server = await(network.bind());
            Datagram client = await(network.connect(address(server)));
            int[] count = {0};
            List<Integer> seen = new ArrayList<>();
            Asyncio.getRunningLoop().callSoon(() -> seen.add(count[0]));
            for (; count[0] < 60; count[0]++) {
                await(client.send(bytes("x")));
            }
            Asyncio.getRunningLoop().callSoon(() -> seen.add(count[0]));
            for (; count[0] < 120; count[0]++) {
                assertEquals("x", await(next(server)));
            }
            assertTrue(seen.get(0) < 60, seen.toString());
            assertTrue(seen.get(1) < 120, seen.toString());
            return Coroutine.done();
        });
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import dev.heddle.benchmarks.VirtualThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An echo server in Java. The arguments are its kind, and {@code tcp} or {@code tls}. With {@code tls} the environment
 * names the directory of the certificate. The program prints {@code listening PORT}, and ends when its input ends. When
 * it reads the line {@code heap}, it collects garbage and prints the live bytes of its heap.
 */
public final class EchoServer {

    /** Connections that wait to be accepted: all of a load are made at once. */
    static final int BACKLOG = 1024;

    /** The line that a server prints, instead of its port, if it cannot have the transport. */
    static final String UNSUPPORTED = "unsupported";

    private EchoServer() {}

    /** Runs the program. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: EchoServer KIND tcp|tls");
        }
        SSLContext tls = args[1].equals("tls") ? Certificate.in(directory()).forServer() : null;
        try {
            System.out.println("listening " + listen(args[0], tls));
        } catch (UnsupportedOperationException absent) {
            System.out.println(UNSUPPORTED);
            return;
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (line.equals("heap")) {
                System.out.println("heap " + liveBytes());
            }
        }
        System.exit(0); // the threads that serve do not end
    }

    private static Path directory() {
        String name = System.getenv(Certificate.DIRECTORY);
        if (name == null) {
            throw new IllegalStateException(
                    "TLS needs a certificate; set " + Certificate.DIRECTORY + " to its directory");
        }
        return Path.of(name);
    }

    /** Starts to listen on a free port of the loopback address, and returns the port. */
    static int listen(String kind, @Nullable SSLContext tls) throws IOException, InterruptedException {
        return switch (kind) {
            case "plain" -> selector(tls);
            case "nettyNio" -> NettyEcho.listen(false, tls);
            case "nettyEpoll" -> NettyEcho.listen(true, tls);
            case "heddle" -> HeddleEcho.listen(tls);
            case "heddleOnNio" -> GuestEcho.listen(false, tls);
            case "heddleOnEpoll" -> GuestEcho.listen(true, tls);
            case "virtualThreads" -> virtualThreads(tls);
            default -> throw new IllegalArgumentException("there is no echo server called " + kind);
        };
    }

    private static int selector(@Nullable SSLContext tls) throws IOException {
        ServerSocketChannel listener = listener();
        SelectorEcho server = tls == null ? new SelectorEcho(listener) : new SelectorTlsEcho(listener, tls);
        new Thread(server::serve, "echo").start();
        return listener.socket().getLocalPort();
    }

    private static int virtualThreads(@Nullable SSLContext tls) throws IOException {
        ThreadFactory threads = VirtualThreads.factory();
        if (tls == null) {
            ServerSocketChannel listener = listener();
            threads.newThread(() -> ThreadEcho.serve(listener, threads)).start();
            return listener.socket().getLocalPort();
        }
        ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        threads.newThread(() -> ThreadEcho.serve(listener, tls, threads)).start();
        return listener.getLocalPort();
    }

    private static ServerSocketChannel listener() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    private static long liveBytes() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

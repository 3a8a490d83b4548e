// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A blocking server with a virtual thread for each connection. */
final class ThreadEcho {

    private ThreadEcho() {}

    /** Accepts connections until the process ends. */
    static void serve(ServerSocketChannel listener, ThreadFactory threads) {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                threads.newThread(() -> echo(channel)).start();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("a connection cannot be accepted", failure);
        }
    }

    private static void echo(SocketChannel channel) {
        try (channel) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(SelectorEcho.BUFFER);
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException reset) {
            // The client has gone.
        }
    }

    /** Accepts connections with TLS until the process ends. */
    static void serve(ServerSocket listener, SSLContext tls, ThreadFactory threads) {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                threads.newThread(() -> echo(socket, tls)).start();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("a connection cannot be accepted", failure);
        }
    }

    private static void echo(Socket plain, SSLContext tls) {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, null, true)) {
            socket.setUseClientMode(false);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] buffer = new byte[SelectorEcho.BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
            }
        } catch (IOException reset) {
            // The client has gone.
        }
    }
}

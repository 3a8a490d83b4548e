// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A load over TLS 1.3, with one cipher suite. A message goes out on every connection, and then the messages are read one
 * after the other.
 */
final class TlsLoad implements Load {

    private final List<SSLSocket> sockets = new ArrayList<>();
    private final byte[] message;

    /** Connects to the port. */
    TlsLoad(int port, int connections, int bytes, SSLContext context) throws IOException {
        message = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            message[i] = (byte) (i * 31);
        }
        for (int i = 0; i < connections; i++) {
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setEnabledProtocols(new String[] {"TLSv1.3"});
            socket.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
            socket.startHandshake();
            sockets.add(socket);
        }
    }

    @Override
    public long run(long nanos) throws IOException {
        long deadline = System.nanoTime() + nanos;
        long trips = 0;
        do {
            message[0]++;
            for (SSLSocket socket : sockets) {
                socket.getOutputStream().write(message);
            }
            for (SSLSocket socket : sockets) {
                receive(socket);
                trips++;
            }
        } while (System.nanoTime() < deadline);
        return trips;
    }

    private void receive(SSLSocket socket) throws IOException {
        byte[] answer = socket.getInputStream().readNBytes(message.length);
        if (answer.length < message.length) {
            throw new EOFException("the server has closed a connection");
        }
        if (!Arrays.equals(answer, message)) {
            throw new IOException("a message came back changed");
        }
    }

    @Override
    public void close() throws IOException {
        for (SSLSocket socket : sockets) {
            socket.close();
        }
    }
}

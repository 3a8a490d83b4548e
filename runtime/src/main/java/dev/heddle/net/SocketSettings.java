// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.time.Duration;

/** The settings that connected sockets have in common, whichever side made them. A buffer size of 0 leaves the choice to the system. */
record SocketSettings(
        int limit, boolean noDelay, boolean keepAlive, int sendBuffer, int receiveBuffer, Duration closeTimeout) {

    static final SocketSettings DEFAULT =
            new SocketSettings(Connection.DEFAULT_LIMIT, true, false, 0, 0, Duration.ofSeconds(30));

    SocketSettings {
        if (limit <= 0) {
            throw new IllegalArgumentException("the limit of lines must be positive, not " + limit);
        }
        if (sendBuffer < 0 || receiveBuffer < 0) {
            throw new IllegalArgumentException("the size of a buffer must not be negative, as "
                    + Math.min(sendBuffer, receiveBuffer) + " is; 0 leaves it to the system");
        }
        if (closeTimeout.isZero() || closeTimeout.isNegative()) {
            throw new IllegalArgumentException("the time to close must be positive, not " + closeTimeout);
        }
    }

    SocketSettings withLimit(int bytes) {
        return new SocketSettings(bytes, noDelay, keepAlive, sendBuffer, receiveBuffer, closeTimeout);
    }

    SocketSettings withNoDelay(boolean on) {
        return new SocketSettings(limit, on, keepAlive, sendBuffer, receiveBuffer, closeTimeout);
    }

    SocketSettings withKeepAlive(boolean on) {
        return new SocketSettings(limit, noDelay, on, sendBuffer, receiveBuffer, closeTimeout);
    }

    SocketSettings withSendBuffer(int bytes) {
        return new SocketSettings(limit, noDelay, keepAlive, bytes, receiveBuffer, closeTimeout);
    }

    SocketSettings withReceiveBuffer(int bytes) {
        return new SocketSettings(limit, noDelay, keepAlive, sendBuffer, bytes, closeTimeout);
    }

    SocketSettings withCloseTimeout(Duration duration) {
        return new SocketSettings(limit, noDelay, keepAlive, sendBuffer, receiveBuffer, duration);
    }

    /** Sets the options of {@code channel}, a connection or a listening socket, as far as it has them. */
    void apply(NetworkChannel channel) throws IOException {
        if (noDelay) { // the system's default is off
            set(channel, StandardSocketOptions.TCP_NODELAY, true);
        }
        if (keepAlive) {
            set(channel, StandardSocketOptions.SO_KEEPALIVE, true);
        }
        if (sendBuffer > 0) {
            set(channel, StandardSocketOptions.SO_SNDBUF, sendBuffer);
        }
        if (receiveBuffer > 0) {
            set(channel, StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
    }

    private static <T> void set(NetworkChannel channel, SocketOption<T> option, T value) throws IOException {
        if (channel.supportedOptions().contains(option)) {
            channel.setOption(option, value);
        }
    }
}

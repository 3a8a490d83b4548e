// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the failures of channels into exceptions that name the address and what to do about it. */
final class Failures {

    private Failures() {}

    /** Returns {@code address} for a message. The JDK's own text of an address begins with a slash. */
    static String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            String host = inet.getAddress().getHostAddress();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
        }
        if (address instanceof InetSocketAddress inet) {
            return inet.getHostString() + ":" + inet.getPort();
        }
        return address == null ? "an unknown address" : address.toString();
    }

    static UnknownHostException unknownHost(String host, @Nullable IOException cause) {
        UnknownHostException failure = new UnknownHostException(
                "host \"" + host + "\" has no known address; check the name and the name server");
        failure.initCause(cause);
        return failure;
    }

    static SocketTimeoutException connectTimedOut(String target, Duration limit) {
        return new SocketTimeoutException("connecting to " + target + " took longer than " + limit
                + "; check that the host is up and not behind a firewall, or set a longer time-out");
    }

    /** Returns the failure to make a socket, because of which the program {@code cannot} do something. */
    static SocketException noSocket(String cannot, IOException cause) {
        String reason = reason(cause);
        String remedy = reason.contains("Too many open files")
                ? "; allow the process more descriptors, or close connections and files that are not needed"
                : "";
        return because(cause, new SocketException(cannot + ": " + reason + remedy));
    }

    /** Returns the failure of an attempt to connect to {@code address}, from a local address of the program's choice if {@code bound}. */
    static IOException connect(SocketAddress address, boolean bound, IOException cause) {
        String reason = reason(cause);
        String message = "cannot connect to " + text(address) + ": " + reason;
        if (address instanceof UnixDomainSocketAddress unix) {
            if (reason.contains("No such file")) {
                return because(
                        cause,
                        new NoSuchFileException(
                                unix.toString(),
                                null,
                                "cannot connect, as there is no such socket; start the server first"));
            }
            if (reason.contains("Permission denied")) {
                return because(cause, denied(unix, "cannot connect, as the permission is missing"));
            }
        }
        if (cause instanceof NoRouteToHostException || reason.contains("unreachable")) {
            return because(
                    cause, new NoRouteToHostException(message + "; check the network and its routes to that address"));
        }
        if (reason.contains("timed out")) {
            return because(cause, new SocketTimeoutException(message + "; check that the host is up"));
        }
        if (cause instanceof BindException) {
            return because(
                    cause,
                    new BindException(message
                            + (bound
                                    ? "; choose another local address, or none"
                                    : "; the system has no free local port for this target, or forbids it: close"
                                            + " connections, or check the firewall")));
        }
        if (cause instanceof ConnectException) {
            return because(
                    cause,
                    new ConnectException(
                            message + "; check that a server listens there, and at that address and port"));
        }
        if (reason.contains("reset")) {
            return new ConnectionResetException(
                    message + "; the server may just have been closed, so try again", cause);
        }
        return because(cause, new SocketException(message));
    }

    /** Returns the failure of all attempts to connect to {@code target}, which {@code failures} describe. */
    static IOException connectAll(String target, List<IOException> failures) {
        IOException first = failures.get(0);
        if (failures.size() == 1) {
            return first;
        }
        StringBuilder message =
                new StringBuilder("cannot connect to " + target + ", as none of its addresses accepts: ");
        boolean alike = true;
        for (IOException each : failures) {
            message.append(each == first ? "" : ", and ").append(each.getMessage());
            alike &= each.getClass() == first.getClass();
        }
        IOException all = alike && first instanceof NoRouteToHostException
                ? new NoRouteToHostException(message.toString())
                : new ConnectException(message.toString());
        failures.subList(1, failures.size()).forEach(all::addSuppressed);
        return because(first, all);
    }

    /** Returns the failure of binding a socket to {@code address}. */
    static IOException bind(SocketAddress address, IOException cause) {
        String reason = reason(cause);
        String message = "cannot bind a socket to " + text(address) + ": " + reason;
        if (reason.contains("Permission denied")) {
            return because(
                    cause,
                    denied(
                            address,
                            address instanceof UnixDomainSocketAddress
                                    ? "cannot bind a socket, as the permission to write to the directory is missing"
                                    : "cannot bind a socket, as the permission is missing; choose a port above 1023"));
        }
        if (address instanceof UnixDomainSocketAddress unix && reason.contains("No such file")) {
            return because(
                    cause,
                    new NoSuchFileException(
                            unix.toString(),
                            null,
                            "cannot bind a socket, as its directory is missing; create it first"));
        }
        if (reason.contains("in use")) {
            return because(
                    cause, new BindException(message + "; end the other program, or choose another address or port"));
        }
        if (cause instanceof BindException) {
            return because(cause, new BindException(message + "; choose an address of this machine"));
        }
        return because(cause, new SocketException(message));
    }

    /** Returns the failure of a socket that takes no address of the kind of {@code address}, because of which the program {@code cannot} do something. */
    static SocketException unsuitable(String cannot, SocketAddress address, RuntimeException cause) {
        SocketException failure = new SocketException(cannot + " " + text(address) + ": the address is "
                + (cause instanceof UnresolvedAddressException
                        ? "a name that is not resolved"
                        : "of another kind than the socket's")
                + "; use an address of the same family, such as IPv4, as the other one has");
        failure.initCause(cause);
        return failure;
    }

    /** Returns the failure to receive a datagram at {@code local}. */
    static SocketException receive(@Nullable SocketAddress local, IOException cause) {
        return because(
                cause, new SocketException("cannot receive a datagram at " + text(local) + ": " + reason(cause)));
    }

    /** Returns the failure to connect a UDP socket to {@code remote}. */
    static SocketException connectDatagrams(SocketAddress remote, SocketException cause) {
        return because(cause, new SocketException("cannot send datagrams to " + text(remote) + ": " + reason(cause)));
    }

    /** Returns the failure to send a datagram of {@code size} bytes to {@code target}. */
    static SocketException send(int size, SocketAddress target, IOException cause) {
        return because(
                cause,
                new SocketException(
                        "cannot send a datagram of " + size + " bytes to " + text(target) + ": " + reason(cause)));
    }

    /** Returns the failure of a datagram for which there is no receiver at {@code remote}. */
    static PortUnreachableException unreachable(@Nullable SocketAddress remote, PortUnreachableException cause) {
        return because(
                cause,
                new PortUnreachableException("port unreachable: nobody receives datagrams at " + text(remote)
                        + "; start the program there, or check the address"));
    }

    private static AccessDeniedException denied(SocketAddress address, String reason) {
        return new AccessDeniedException(text(address), null, reason);
    }

    /** Returns the failure of reading from the connection {@code peer}, "to" some address, or of writing to it. */
    static IOException broken(String peer, IOException cause) {
        if (cause instanceof ClosedChannelException) {
            return because(cause, new ConnectionClosedException("the connection " + peer + " is closed"));
        }
        return new ConnectionResetException(
                "the connection " + peer + " is broken: " + reason(cause) + "; connect again if need be", cause);
    }

    /** Returns the failure of sending a file that is closed, as it is after an interrupt of the thread that reads it, too. */
    static IOException closedFile(ClosedChannelException cause) {
        return new IOException(
                "cannot send the file, because its channel is closed; keep it open until the coroutine has ended",
                cause);
    }

    /** Returns the failure of a connection whose other side has not read within {@code limit} what was written. */
    static SocketTimeoutException notRead(String peer, Duration limit, Throwable cause) {
        SocketTimeoutException failure = new SocketTimeoutException(
                peer + " was not closed gracefully, because the other side has not read what was" + " written within "
                        + limit + ", which is lost; set a longer withCloseTimeout");
        failure.initCause(cause);
        return failure;
    }

    /** Returns a text even for those exceptions of channels that have none. */
    private static String reason(IOException cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static <E extends IOException> E because(IOException cause, E failure) {
        failure.initCause(cause);
        return failure;
    }
}

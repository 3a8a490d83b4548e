// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.net.MalformedURLException;
import java.net.URI;

/** A server, as the client tells servers apart. */
record Origin(String host, int port) {

    static Origin of(URI uri) throws MalformedURLException {
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new MalformedURLException("this client has no TLS, so that a URL must begin with http://");
        }
        return new Origin(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    /** Returns the value of the field {@code Host}. */
    @Override
    public String toString() {
        return port == 80 ? host : host + ":" + port;
    }

    /** Returns the name or the address of the host, without the brackets that an IPv6 address has in a URL. */
    String address() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}

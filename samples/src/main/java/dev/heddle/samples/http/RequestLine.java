// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a request (RFC 9112, section 3).
 *
 * @param target the path and the query, or {@code *}
 * @param minorVersion 0 or 1, of HTTP/1
 */
record RequestLine(String method, String target, int minorVersion) {

    /** A target as clients of proxies send it: the host, and the path with the query. */
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?]+)(.*)");

    /** Stands for the line of a request that could not be read. */
    static final RequestLine UNKNOWN = new RequestLine("GET", "*", 1);

    static RequestLine parse(String line) throws BadMessageException {
        String[] parts = line.split(" ", -1);
        if (parts.length != 3 || !Syntax.isToken(parts[0]) || !Syntax.isTarget(parts[1])) {
            throw new BadMessageException(Status.BAD_REQUEST, "malformed request line");
        }
        return new RequestLine(parts[0], target(parts[1]), minorVersion(parts[2]));
    }

    private static int minorVersion(String version) throws BadMessageException {
        if (!version.matches("HTTP/[0-9]\\.[0-9]")) {
            throw new BadMessageException(Status.BAD_REQUEST, "malformed request line");
        }
        if (version.charAt(5) != '1') {
            throw new BadMessageException(Status.VERSION_NOT_SUPPORTED, "this server speaks HTTP/1.1, not " + version);
        }
        return Math.min(version.charAt(7) - '0', 1);
    }

    /** Drops scheme and host, which clients of proxies send. */
    private static String target(String target) throws BadMessageException {
        Matcher absolute = ABSOLUTE.matcher(target);
        if (absolute.matches()) {
            if (!Syntax.isHost(absolute.group(1))) {
                throw new BadMessageException(Status.BAD_REQUEST, "malformed host in the target");
            }
            String rest = absolute.group(2);
            return rest.startsWith("/") ? rest : "/" + rest;
        }
        if (!target.startsWith("/") && !target.equals("*")) {
            throw new BadMessageException(Status.BAD_REQUEST, "the target of a request begins with a slash");
        }
        return target;
    }
}

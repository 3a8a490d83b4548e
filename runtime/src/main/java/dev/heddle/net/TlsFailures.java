// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import java.io.IOException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns the failures of the JDK's TLS into exceptions that say with whom, why, and what to do about it. The JDK gives most reasons only as text. */
final class TlsFailures {

    private static final String ALERT = "Received fatal alert: ";

    private final boolean client;

    /** Names the other side in messages. */
    private final String peer;

    /** The name that the certificate of the server must have. Null if this is the server, or the name is unknown. */
    private final @Nullable String serverName;

    TlsFailures(boolean client, String peer, @Nullable String serverName) {
        this.client = client;
        this.peer = peer;
        this.serverName = serverName;
    }

    private String begin() {
        return "the TLS handshake with " + peer + " failed: ";
    }

    TlsHandshakeException timedOut(Duration limit, Throwable cause) {
        return new TlsHandshakeException.TimedOut(
                begin() + "it took longer than " + limit + "; check that the other side speaks TLS,"
                        + " or set a longer TlsOptions.withHandshakeTimeout",
                cause);
    }

    TlsHandshakeException ended() {
        return new TlsHandshakeException(
                begin() + "the other side closed the connection; check that it speaks TLS at this port,"
                        + " and its log for the reason",
                null);
    }

    TlsTruncatedException truncated() {
        return new TlsTruncatedException("the TLS connection with " + peer + " ended without the closing message"
                + " (close_notify); the stream may have been cut, so check that everything has arrived");
    }

    SSLException outputEnded() {
        return new SSLException("cannot write to " + peer + ": the other side has closed the TLS connection,"
                + " which ends both directions before TLS 1.3");
    }

    /** Returns the failure of a handshake because of {@code cause}. */
    IOException handshake(IOException cause) {
        if (cause instanceof TlsHandshakeException || cause instanceof ConnectionClosedException) {
            return cause;
        }
        if (!(cause instanceof SSLException)) {
            return new TlsHandshakeException(
                    begin() + "the connection broke: " + reason(cause) + "; check that the other side speaks TLS",
                    cause);
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            TlsHandshakeException known = certificate(each, cause);
            if (known != null) {
                return known;
            }
        }
        String reason = reason(cause);
        int alert = reason.indexOf(ALERT);
        if (alert >= 0) {
            return refused(reason.substring(alert + ALERT.length()), cause);
        }
        if (reason.contains("Unsupported or unrecognized SSL message") || reason.contains("plaintext connection")) {
            return new TlsHandshakeException.NotTls(
                    begin() + "the other side does not speak TLS; check the port, or connect without TLS", cause);
        }
        if (!client && reason.contains("Empty client certificate chain")) {
            return new TlsHandshakeException.ClientCertificateMissing(
                    begin() + "the client has sent no certificate; give it one,"
                            + " or use TlsOptions.withWantClientCertificate instead of withNeedClientCertificate",
                    cause);
        }
        return new TlsHandshakeException(begin() + reason + remedy(reason), cause);
    }

    /** Returns the failure that {@code each}, one of the causes of {@code cause}, says about the certificate; null if it is not about it. */
    private @Nullable TlsHandshakeException certificate(Throwable each, IOException cause) {
        String what = "the certificate of the " + (client ? "server " : "client ");
        if (each instanceof CertificateExpiredException
                || (each instanceof CertPathValidatorException path && path.getReason() == BasicReason.EXPIRED)) {
            return new TlsHandshakeException.ExpiredCertificate(
                    begin() + what + "has expired (" + reason(each) + "); renew it, or check the clock of this machine",
                    cause);
        }
        if (each instanceof CertificateNotYetValidException
                || (each instanceof CertPathValidatorException path && path.getReason() == BasicReason.NOT_YET_VALID)) {
            return new TlsHandshakeException.ExpiredCertificate(
                    begin() + what + "is not yet valid (" + reason(each) + "); check the clock of this machine", cause);
        }
        boolean last = each.getCause() == null;
        if (last && each instanceof CertificateException && isAboutName(reason(each))) {
            return new TlsHandshakeException.CertificateOfOtherHost(
                    begin() + what + "is not for " + serverName + " (" + reason(each)
                            + "); connect to a name in the certificate, or set TlsOptions.withServerName",
                    cause);
        }
        if (last && isAboutTrust(each)) {
            return new TlsHandshakeException.UntrustedCertificate(
                    begin() + what + "is not trusted (" + reason(each)
                            + "); add its authority to the trust store of the SSLContext",
                    cause);
        }
        return null;
    }

    /** Whether {@code each} is about trust, and not about a record that was damaged, for example, which is a security exception, too. */
    private static boolean isAboutTrust(Throwable each) {
        return each instanceof CertificateException
                || each instanceof CertPathValidatorException
                || each instanceof CertPathBuilderException
                || (each instanceof InvalidAlgorithmParameterException
                        && reason(each).contains("trustAnchors")); // the trust store is empty
    }

    private static boolean isAboutName(String reason) {
        return reason.contains("subject alternative")
                || reason.contains("No name matching")
                || reason.contains("Illegal given domain name");
    }

    /** Returns the failure that the other side has reported with {@code alert}, a name of RFC 8446. */
    TlsHandshakeException refused(String alert, IOException cause) {
        String text = begin() + "the other side refused it with the alert " + alert;
        boolean about = alert.contains("certificate") || alert.contains("unknown_ca");
        if (client && (alert.equals("certificate_required") || alert.equals("bad_certificate"))) {
            return new TlsHandshakeException.ClientCertificateMissing(
                    text + ", so it demands a certificate of the client, or another one;"
                            + " use an SSLContext with a key that it accepts",
                    cause);
        }
        if (about) {
            return new TlsHandshakeException(
                    text + ", so it does not trust the certificate of the " + (client ? "client" : "server")
                            + "; use one of an authority that it knows, for the name that it uses",
                    cause);
        }
        return new TlsHandshakeException(text + remedy(alert), cause);
    }

    private static String remedy(String reason) {
        if (reason.contains("application_protocol") || reason.contains("application layer protocol")) {
            return "; no protocol is common to both sides, see TlsOptions.withApplicationProtocols";
        }
        if (reason.contains("handshake_failure")
                || reason.contains("protocol_version")
                || reason.contains("No appropriate protocol")
                || reason.contains("cipher suites in common")
                || reason.contains("not supported by client")
                || reason.contains("protocol version")) {
            return "; the two sides need a version of TLS, a cipher suite and a kind of key in common,"
                    + " and a server may demand a certificate of the client";
        }
        return "; see the log of the other side, or set -Djavax.net.debug=ssl:handshake";
    }

    /** Returns the failure of an established connection because of {@code cause}. */
    IOException broken(SSLException cause) {
        String reason = reason(cause);
        int alert = reason.indexOf(ALERT);
        if (alert >= 0) {
            String name = reason.substring(alert + ALERT.length());
            if (client && name.equals("certificate_required")) {
                return refused(name, cause);
            }
            if (name.contains("certificate") || name.contains("unknown_ca")) {
                return refused(name, cause);
            }
            reason = "the other side has sent the alert " + name;
        }
        return new SSLException("the TLS connection with " + peer + " is broken: " + reason, cause);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

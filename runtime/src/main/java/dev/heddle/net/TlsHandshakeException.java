// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if two sides do not agree on TLS. The message names the address, the reason and a remedy. The reasons that a program is likely to tell apart have
 * types of their own, which are members of this class. The cause is the exception of the JDK, if there is one.
 */
public class TlsHandshakeException extends SSLHandshakeException {

    private static final long serialVersionUID = 1;

    TlsHandshakeException(String message, @Nullable Throwable cause) {
        super(message);
        initCause(cause);
    }

    /** No trusted authority vouches for the certificate of the other side. */
    public static final class UntrustedCertificate extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        UntrustedCertificate(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The certificate of the other side has expired, or is not yet valid. */
    public static final class ExpiredCertificate extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        ExpiredCertificate(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The certificate of the server is valid, but for other hosts. */
    public static final class CertificateOfOtherHost extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        CertificateOfOtherHost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * The server demands a certificate of the client, and has got none. With TLS 1.3 a client learns of that after its handshake has ended, from its first
     * read.
     */
    public static final class ClientCertificateMissing extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        ClientCertificateMissing(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The other side does not speak TLS. */
    public static final class NotTls extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        NotTls(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The handshake took longer than {@link TlsOptions#withHandshakeTimeout} allows. */
    public static final class TimedOut extends TlsHandshakeException {

        private static final long serialVersionUID = 1;

        TimedOut(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

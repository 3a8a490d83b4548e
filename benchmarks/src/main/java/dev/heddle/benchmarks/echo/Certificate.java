// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate of the servers, in a directory: as a key store for Java, and in the files {@code certificate.pem} and
 * {@code key.pem} for the others. It names 127.0.0.1 and signs itself.
 */
record Certificate(Path directory) {

    /** The environment variable with the directory's name. */
    static final String DIRECTORY = "ECHO_CERTIFICATE";

    private static final String STORE = "store.p12";
    private static final String ALIAS = "echo";
    private static final String PASSWORD = "benchmark";

    /** The certificate that was made in that directory. */
    static Certificate in(Path directory) {
        return new Certificate(directory);
    }

    /** Makes a certificate with the JDK's {@code keytool}. */
    static Certificate make(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path store = directory.resolve(STORE);
        Files.deleteIfExists(store);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650");
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IOException("no certificate was made: " + String.join(" ", command));
        }
        Certificate made = new Certificate(directory);
        made.writeForOthers();
        return made;
    }

    private void writeForOthers() throws IOException {
        try {
            KeyStore keys = load();
            write("certificate.pem", "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
            write(
                    "key.pem",
                    "PRIVATE KEY",
                    keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException failure) {
            throw new IOException("the certificate in " + directory + " cannot be read", failure);
        }
    }

    private void write(String name, String kind, byte[] content) throws IOException {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + kind + "-----\n" + encoder.encodeToString(content) + "\n-----END " + kind + "-----\n");
    }

    /** The context of a server that has this certificate. */
    SSLContext forServer() throws IOException {
        try {
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(load(), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IOException("a server cannot use the certificate in " + directory, failure);
        }
    }

    /** The context of a client that trusts this certificate and no other. */
    SSLContext forClient() throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(ALIAS, load().getCertificate(ALIAS));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IOException("a client cannot use the certificate in " + directory, failure);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(STORE))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }
}

package dev.heddle.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Keys and certificates of a test authority, made once by the JDK's keytool in a JVM of its own. */
final class TlsKeys {

    private static final char[] PASSWORD = "changeit".toCharArray();

    static final TlsKeys INSTANCE = new TlsKeys();

    private final Path directory;
    private final KeyStore store;

    private TlsKeys() {
        try {
            directory = Files.createTempDirectory("tls-keys");
            directory.toFile().deleteOnExit();
            store = make(directory.resolve("keys.p12"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static KeyStore make(Path file) throws IOException, GeneralSecurityException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--add-exports=java.base/sun.security.tools.keytool=ALL-UNNAMED",
                "-cp",
                Path.of(TlsKeys.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString(),
                Maker.class.getName(),
                file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException("cannot make keys: " + output);
        }
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            made.load(in, PASSWORD);
        }
        Files.delete(file);
        return made;
    }

    /** The program that makes the keys. */
    static final class Maker {

        private Maker() {}

        public static void main(String... arguments) throws ReflectiveOperationException {
            key(arguments[0], "authority", "CN=Test Authority", "-ext", "bc=ca:true", "-validity", "3650");
            leaf(arguments[0], "server", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1");
            leaf(arguments[0], "other", "CN=other.example", "-ext", "san=dns:other.example");
            leaf(arguments[0], "client", "CN=a client");
            signed(
                    arguments[0],
                    "expired",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-startdate",
                    "-10d",
                    "-validity",
                    "2");
            key(
                    arguments[0],
                    "stranger",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    "3650");
        }

        private static void leaf(String file, String alias, String name, String... more)
                throws ReflectiveOperationException {
            String[] all = Arrays.copyOf(more, more.length + 2);
            all[more.length] = "-validity";
            all[more.length + 1] = "3000";
            signed(file, alias, name, all);
        }

        private static void signed(String file, String alias, String name, String... more)
                throws ReflectiveOperationException {
            String[] all = Arrays.copyOf(more, more.length + 2);
            all[more.length] = "-signer";
            all[more.length + 1] = "authority";
            key(file, alias, name, all);
        }

        private static void key(String file, String alias, String name, String... more)
                throws ReflectiveOperationException {
            List<String> all = new ArrayList<>(List.of(
                    "-genkeypair",
                    "-alias",
                    alias,
                    "-dname",
                    name,
                    "-keystore",
                    file,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1"));
            all.addAll(List.of(more));
            Class.forName("sun.security.tools.keytool.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) all.toArray(String[]::new));
        }
    }

    /** Returns a context with the keys {@code aliases}, which trusts the authority, or nobody whom the tests know if not {@code trusting}. */
    SSLContext context(boolean trusting, String... aliases) {
        try {
            // PKIX chooses among several keys by name, but decrypts its key for each handshake, which takes long.
            KeyManagerFactory keys = KeyManagerFactory.getInstance(aliases.length > 1 ? "PKIX" : "SunX509");
            KeyStore own = empty();
            for (String alias : aliases) {
                own.setKeyEntry(alias, store.getKey(alias, PASSWORD), PASSWORD, store.getCertificateChain(alias));
            }
            keys.init(own, PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore trusted = empty();
            trusted.setCertificateEntry("known", store.getCertificate(trusting ? "authority" : "stranger"));
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        return empty;
    }

    /** Writes the certificates of {@code alias}, and its key, to a file of OpenSSL's format. */
    Path pem(String alias, boolean withKey) {
        try {
            StringBuilder text = new StringBuilder();
            if (withKey) {
                Key key = store.getKey(alias, PASSWORD);
                block(text, "PRIVATE KEY", key.getEncoded());
            }
            for (Certificate each : store.getCertificateChain(alias)) {
                block(text, "CERTIFICATE", each.getEncoded());
            }
            Path file = directory.resolve(alias + (withKey ? "-key.pem" : ".pem"));
            Files.writeString(file, text);
            file.toFile().deleteOnExit();
            return file;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void block(StringBuilder text, String kind, byte @Nullable [] bytes) {
        text.append("-----BEGIN ").append(kind).append("-----\n");
        text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
        text.append("\n-----END ").append(kind).append("-----\n");
    }
}

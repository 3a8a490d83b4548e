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

        private static final List<String> LONG = List.of("-validity", "3650");
        private static final List<String> SIGNED = List.of("-validity", "3000", "-signer", "authority");
        private static final List<String> EXPIRED =
                List.of("-startdate", "-10d", "-validity", "2", "-signer", "authority");

        private Maker() {}

        public static void main(String... arguments) throws ReflectiveOperationException {
            String file = arguments[0];
            String[] forLocalhost = {"-ext", "san=dns:localhost,ip:127.0.0.1"};
            key(file, "authority", "CN=Test Authority", LONG, "-ext", "bc=ca:true");
            key(file, "stranger", "CN=localhost", LONG, forLocalhost);
            key(file, "server", "CN=localhost", SIGNED, forLocalhost);
            key(file, "other", "CN=other.example", SIGNED, "-ext", "san=dns:other.example");
            key(file, "client", "CN=a client", SIGNED);
            key(file, "expired", "CN=localhost", EXPIRED, forLocalhost);
        }

        private static void key(String file, String alias, String name, List<String> kind, String... more)
                throws ReflectiveOperationException {
            List<String> all = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-dname", name));
            all.addAll(List.of("-keystore", file, "-storetype", "PKCS12", "-storepass", "changeit"));
            all.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
            all.addAll(kind);
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

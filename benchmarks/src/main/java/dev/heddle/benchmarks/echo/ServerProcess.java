// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A server in a process of its own. Its first line says on which port it listens. */
final class ServerProcess implements AutoCloseable {

    private static final int NONE = -1;

    private final String name;
    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;
    private final ProcessorTime.OfProcess clock;
    private final int port;

    /** Starts a server, and waits until it listens. Empty if it cannot have the transport that its command names. */
    static Optional<ServerProcess> start(String name, List<String> command, Certificate certificate)
            throws IOException {
        ServerProcess started = new ServerProcess(name, command, certificate);
        return started.port == NONE ? Optional.empty() : Optional.of(started);
    }

    private ServerProcess(String name, List<String> command, Certificate certificate) throws IOException {
        this.name = name;
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put(Certificate.DIRECTORY, certificate.directory().toString());
        this.process = builder.start();
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.clock = new ProcessorTime.OfProcess(process.pid());
        this.port = (int) number("listening");
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    /** The processor times of the server's threads. */
    ProcessorTime.OfProcess clock() {
        return clock;
    }

    /** The bytes of memory that the server has in use. */
    long heap() throws IOException {
        input.write("heap\n");
        input.flush();
        return number("heap");
    }

    /** Reads lines until one begins with {@code word}, and returns the number after it. */
    private long number(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word + " ")) {
                return Long.parseLong(line.substring(word.length() + 1).strip());
            }
            if (line.equals(EchoServer.UNSUPPORTED)) {
                return NONE;
            }
            System.out.println(name + ": " + line);
        }
        throw new IOException("the server " + name + " ended before it printed a line with \"" + word + "\"");
    }

    @Override
    public void close() {
        process.destroy();
    }
}

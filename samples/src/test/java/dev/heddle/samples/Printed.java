package dev.heddle.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;

/** The output and the exit code of a program. */
public record Printed(List<String> out, List<String> err, int exitCode) {

    /** Calls {@code program}, whose result is the exit code, and captures its output. */
    public static Printed by(Callable<Integer> program) throws Exception {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            int exitCode = program.call();
            return new Printed(lines(out), lines(err), exitCode);
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8).lines().toList();
    }
}

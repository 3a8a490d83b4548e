// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Weaves directories and jars, or only checks them. It looks at every path before it changes the first one. */
final class WeaveCommand {

    private final WeaveOptions options;
    private final AgentLog log;
    private final Map<Path, ClassContainer> containers = new LinkedHashMap<>();
    private int exitCode = Main.DONE;

    WeaveCommand(WeaveOptions options, AgentLog log) {
        this.options = options;
        this.log = log;
    }

    /** Runs the command and returns its exit code. */
    int run() {
        options.paths().forEach(this::open);
        if (options.out() != null) {
            checkOut(options.out());
        }
        if (exitCode == Main.DONE) {
            containers.forEach(this::process);
        }
        return exitCode;
    }

    private void open(Path path) {
        try {
            if (Files.isDirectory(path)) {
                containers.put(path, new ClassDirectory(path));
            } else if (!Files.exists(path)) {
                fail(path + " does not exist; name a directory of classes or a jar");
            } else if (Files.isRegularFile(path) && ClassJar.isJar(path)) {
                containers.put(path, new ClassJar(path));
            } else {
                fail(path + " is neither a directory nor a jar, which starts with its first entry; name one of these");
            }
        } catch (IOException failure) {
            fail("cannot read " + path + ": " + failure);
        }
    }

    /**
     * Refuses copies that would overwrite each other, or that would be inside the directories that they are copied
     * from.
     */
    private void checkOut(Path out) {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            fail(out + " is not a directory; name one after --out");
        }
        Map<Path, Path> copied = new HashMap<>();
        containers.forEach((path, container) -> {
            Path copy = container.copyBelow(out);
            try {
                Path other = copied.put(OutputDirectory.realPath(copy), path);
                if (other != null) {
                    fail(other + " and " + path + " would both be written to " + copy
                            + "; weave them to different places");
                }
                if (OutputDirectory.realPath(copy).startsWith(OutputDirectory.realPath(path))) {
                    fail("--out " + out + " would write into " + path + "; name another directory, or drop --out");
                }
            } catch (IOException failure) {
                fail("cannot read " + copy + ": " + failure);
            }
        });
    }

    private void process(Path path, ClassContainer container) {
        WeavePass pass = new WeavePass(log);
        try {
            Map<String, byte[]> woven = container.weave(pass);
            if (pass.malformed() > 0) {
                fail(path + " is left as it is, because of " + count(pass.malformed(), "malformed class file"));
                return;
            }
            write(container, woven, options.out());
            log.tell(summary(path, woven.size(), pass));
        } catch (IOException | RuntimeException | Error failure) { // the others are woven all the same
            fail("cannot weave " + path + ": " + failure);
        }
        if (pass.refused() > 0 || (options.check() && pass.dropped() > 0)) {
            exitCode = Math.max(exitCode, Main.REFUSED);
        }
    }

    private void write(ClassContainer container, Map<String, byte[]> woven, @Nullable Path out) throws IOException {
        if (options.check()) {
            return;
        }
        if (out == null) {
            container.replace(woven);
        } else {
            container.copy(woven, out);
        }
    }

    private String summary(Path path, int woven, WeavePass pass) {
        StringBuilder line = new StringBuilder();
        if (options.check()) {
            line.append("checked ")
                    .append(count(pass.classes(), "class"))
                    .append(" in ")
                    .append(path);
        } else {
            line.append("woven ").append(woven).append(" of ");
            line.append(count(pass.classes(), "class")).append(" in ").append(path);
        }
        if (pass.refused() > 0) {
            line.append("; ").append(pass.refused()).append(" refused");
            line.append(options.check() ? "" : ", left as compiled");
        }
        if (pass.dropped() > 0) {
            line.append("; ").append(pass.dropped()).append(" dropped");
        }
        if (pass.nestedJars() > 0) {
            line.append("; ").append(count(pass.nestedJars(), "jar")).append(" inside left alone");
        }
        if (pass.links() > 0) {
            line.append("; ").append(count(pass.links(), "symbolic link")).append(" out of it not followed");
        }
        return line.toString();
    }

    private static String count(int number, String noun) {
        String ending = noun.endsWith("s") ? "es" : "s";
        return number + " " + noun + (number == 1 ? "" : ending);
    }

    private void fail(String message) {
        log.error(message);
        exitCode = Main.FAILED;
    }
}

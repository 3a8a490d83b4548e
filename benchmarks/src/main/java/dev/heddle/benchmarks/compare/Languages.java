// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the peers in other languages, and builds their programs where necessary. It installs nothing. */
final class Languages {

    /** The mark for the number of the row in a command. */
    static final String ROW = "<row>";

    /** The mark for the effort in a command. */
    static final String EFFORT = "<effort>";

    private static final Set<Row> WITHOUT_ECHO =
            EnumSet.of(Row.CALL, Row.SWITCH, Row.SPAWN, Row.SKYNET, Row.RING, Row.QUEUE, Row.GATHER, Row.SLEEPERS);

    private static final Set<Row> ROWS = withEcho();

    /** The directory of Debian's packages of Rust libraries. */
    private static final Path CRATES = Path.of("/usr/share/cargo/registry");

    private final Layout layout;
    private final PrintStream log;
    private final Consumer<String> missing;

    /** Creates a finder. It passes the name of each missing peer to {@code missing}. */
    Languages(Layout layout, PrintStream log, Consumer<String> missing) {
        this.layout = layout;
        this.log = log;
        this.missing = missing;
    }

    private static Set<Row> withEcho() {
        Set<Row> rows = EnumSet.copyOf(WITHOUT_ECHO);
        rows.add(Row.ECHO);
        return rows;
    }

    /** All peers that this machine can run. */
    List<Language> find() throws InterruptedException {
        List<Language> found = new ArrayList<>();
        found.addAll(pythons());
        go().ifPresent(found::add);
        node().ifPresent(found::add);
        tokio().ifPresent(found::add);
        return found;
    }

    private List<Language> pythons() throws InterruptedException {
        List<Language> found = new ArrayList<>();
        Pythons pythons = new Pythons(log);
        Optional<Pythons.Python> newest = pythons.newest();
        if (newest.isEmpty()) {
            missing.accept("asyncio and uvloop: there is no Python 3");
            return found;
        }
        String version = "CPython " + newest.get().version();
        Command program = script(newest.get().path(), "python/bench.py");
        found.add(new Language("asyncio", version, ROWS, program));
        found.add(new Language("asyncio-streams", version, EnumSet.of(Row.ECHO), program.with("streams")));
        for (String kind : List.of("processes", "threads")) {
            found.add(new Language("asyncio-" + kind, version, EnumSet.of(Row.DEMO), program.with(kind)));
        }
        Optional<Pythons.Python> faster = pythons.newestWith("uvloop");
        if (faster.isPresent()) {
            String versions = faster.get().version();
            found.add(new Language(
                    "uvloop",
                    versions,
                    ROWS,
                    script(faster.get().path(), "python/bench.py").with("uvloop")));
        } else {
            missing.accept("uvloop: no Python has it");
        }
        return found;
    }

    private Optional<Language> node() throws InterruptedException {
        for (String node : List.of("node", "nodejs")) {
            Optional<String> version = first(Command.of(List.of(node, "--version")));
            if (version.isPresent()) {
                Command program = Command.of(List.of(
                        node,
                        "--expose-gc",
                        layout.peers().resolve("node/bench.js").toString(),
                        ROW,
                        EFFORT));
                return Optional.of(new Language("node", version.get(), ROWS, program));
            }
        }
        return absent("Node: there is no node");
    }

    private Optional<Language> go() throws InterruptedException {
        Optional<String> version = first(Command.of(List.of("go", "version")));
        if (version.isEmpty()) {
            return absent("Go: there is no go");
        }
        Path program = layout.scratch().resolve("go-bench");
        Map<String, String> offline = Map.of("GOTOOLCHAIN", "local", "GOPROXY", "off", "GOFLAGS", "-mod=mod");
        Command build = Command.of(List.of("go", "build", "-o", program.toString(), "."))
                .where(offline)
                .in(layout.peers().resolve("go"));
        return made("Go", build)
                .map(unused -> new Language(
                        "go",
                        version.get().replace("go version ", ""),
                        ROWS,
                        Command.of(List.of(program.toString(), ROW, EFFORT)).where(Map.of("GOMAXPROCS", "1"))));
    }

    private Optional<Language> tokio() throws InterruptedException {
        Optional<String> version = first(Command.of(List.of("rustc", "--version")));
        if (version.isEmpty()
                || first(Command.of(List.of("cargo", "--version"))).isEmpty()) {
            return absent("tokio: there is no cargo with a rustc");
        }
        // A copy, because cargo writes beside the sources.
        Path copy = layout.scratch().resolve("rust");
        try {
            copy(layout.peers().resolve("rust/Cargo.toml"), copy.resolve("Cargo.toml"));
            copy(layout.peers().resolve("rust/src/main.rs"), copy.resolve("src/main.rs"));
        } catch (IOException failure) {
            return absent("tokio: its program cannot be copied to " + copy + ": " + failure);
        }
        List<String> words = new ArrayList<>(List.of("cargo", "build", "--release", "--offline"));
        if (Files.isDirectory(CRATES)) {
            words.addAll(List.of(
                    "--config",
                    "source.crates-io.replace-with='installed'",
                    "--config",
                    "source.installed.directory='" + CRATES + "'"));
        }
        Path program = copy.resolve("target/release/bench");
        Command build = Command.of(words)
                .where(Map.of("CARGO_TARGET_DIR", copy.resolve("target").toString()));
        return made("tokio", build.in(copy))
                .map(unused -> new Language(
                        "tokio",
                        tokioVersion(copy) + " by " + version.get(),
                        WITHOUT_ECHO,
                        Command.of(List.of(program.toString(), ROW, EFFORT))));
    }

    private static String tokioVersion(Path copy) {
        try {
            List<String> lines = Files.readAllLines(copy.resolve("Cargo.lock"));
            int name = lines.indexOf("name = \"tokio\"");
            return name < 0 ? "" : lines.get(name + 1).replaceAll("[^0-9.]", "");
        } catch (IOException absent) {
            return "";
        }
    }

    private Command script(String interpreter, String file) {
        return Command.of(List.of(interpreter, layout.peers().resolve(file).toString(), ROW, EFFORT));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolveSibling(""));
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private Optional<String> made(String name, Command build) throws InterruptedException {
        try {
            Files.createDirectories(layout.scratch());
            build.run(log);
            return Optional.of(name);
        } catch (JobException failure) {
            missing.accept(name + ": its program cannot be made here: " + failure.reason());
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("no directory can be made at " + layout.scratch(), failure);
        }
    }

    /** The first line that a command prints, if the command can be run. */
    private Optional<String> first(Command command) throws InterruptedException {
        try {
            return command.run(log).stream().findFirst();
        } catch (JobException notThere) {
            return Optional.empty();
        }
    }

    private Optional<Language> absent(String what) {
        missing.accept(what);
        return Optional.empty();
    }
}

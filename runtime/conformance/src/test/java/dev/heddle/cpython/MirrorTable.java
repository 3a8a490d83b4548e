package dev.heddle.cpython;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lists the state of each test of CPython: ported, adapted, left out, or still to do. */
final class MirrorTable {

    /** The tests of one file of CPython. */
    private static final class Row {
        int ported;
        final Map<String, String> adapted = new LinkedHashMap<>();
        final Map<String, String> leftOut = new LinkedHashMap<>();
        final List<String> toDo = new ArrayList<>();

        int total() {
            return ported + adapted.size() + leftOut.size() + toDo.size();
        }
    }

    /** The mirrored tests of CPython by name. The value says how the test is adapted, and may be empty. */
    private final Map<String, String> mirrored = new TreeMap<>();

    private final Map<String, Row> rows = new TreeMap<>();

    /** Contradictions: unknown names, and names that are both mirrored and left out. */
    final List<String> mistakes = new ArrayList<>();

    MirrorTable() throws IOException {
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = root.relativize(file).toString().replace(File.separatorChar, '.');
                if (name.endsWith(".class")) {
                    readClass(name.substring(0, name.length() - ".class".length()));
                }
            }
        }
        Map<String, String> unknown = new TreeMap<>(mirrored);
        Path lists = root.resolve(MirrorTable.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(lists)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".txt")) {
                    readList(name.substring(0, name.length() - ".txt".length()), Files.readAllLines(file), unknown);
                }
            }
        }
        unknown.keySet().forEach(name -> mistakes.add("not a test of CPython: " + name));
    }

    /** The directory of the tests' class files. */
    private static Path root() {
        try {
            return Path.of(MirrorTable.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void readClass(String name) {
        try {
            Class<?> read = Class.forName(name, false, MirrorTable.class.getClassLoader());
            Arrays.stream(read.getDeclaredMethods())
                    .map(method -> method.getAnnotation(Mirrors.class))
                    .filter(annotation -> annotation != null)
                    .forEach(annotation ->
                            List.of(annotation.value()).forEach(test -> mirrored.put(test, annotation.adapted())));
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private void readList(String file, List<String> lines, Map<String, String> unknown) {
        Row row = new Row();
        rows.put(file, row);
        for (String line : lines) {
            String[] parts = line.split(" - ", 2);
            String name = file + "." + parts[0];
            unknown.remove(name);
            String adapted = mirrored.get(name);
            if (adapted != null && parts.length == 2) {
                mistakes.add("both mirrored and left out: " + name);
            }
            if (adapted == null && parts.length == 2) {
                row.leftOut.put(parts[0], parts[1]);
            } else if (adapted == null) {
                row.toDo.add(parts[0]);
            } else if (adapted.isEmpty()) {
                row.ported++;
            } else {
                row.adapted.put(parts[0], adapted);
            }
        }
    }

    /** The tests that are neither mirrored nor left out. */
    List<String> toDo() {
        return rows.entrySet().stream()
                .flatMap(entry -> entry.getValue().toDo.stream().map(name -> entry.getKey() + "." + name))
                .toList();
    }

    void write(Path target) {
        StringBuilder text = new StringBuilder("# Tests of CPython's asyncio and what became of them\n\n"
                + "| file | tests | ported | adapted | left out | to do |\n| - | - | - | - | - | - |\n");
        rows.forEach((file, row) -> text.append(String.format(
                "| %s | %d | %d | %d | %d | %d |%n",
                file, row.total(), row.ported, row.adapted.size(), row.leftOut.size(), row.toDo.size())));
        rows.forEach((file, row) -> {
            section(text, file + ", adapted", row.adapted);
            section(text, file + ", left out", row.leftOut);
        });
        try {
            Files.writeString(target, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void section(StringBuilder text, String title, Map<String, String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n## ").append(title).append("\n\n");
            lines.forEach((name, reason) ->
                    text.append("- ").append(name).append(": ").append(reason).append('\n'));
        }
    }
}

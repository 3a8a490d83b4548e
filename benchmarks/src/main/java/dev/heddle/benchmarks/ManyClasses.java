// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Writes a jar with many classes that do not name Heddle, and with a program that loads them all and prints how many
 * nanoseconds that took. The classes are copies of one that is compiled here. Only their names differ, and have the
 * same length.
 */
final class ManyClasses {

    static final int COUNT = 10_000;
    static final String MAIN = "many.Main";

    private static final String NAME = "Class%05d";
    private static final String TEMPLATE = String.format(Locale.ROOT, NAME, 0);

    private ManyClasses() {}

    static void write(Path jar) throws IOException {
        Path directory = Files.createTempDirectory("many");
        byte[] main = compile(directory, "Main", mainSource());
        // Each byte becomes one character, and back: the name is in ASCII.
        String template = new String(compile(directory, TEMPLATE, templateSource()), StandardCharsets.ISO_8859_1);
        Files.delete(directory.resolve("many"));
        Files.delete(directory);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            add(zip, "Main", main);
            for (int i = 0; i < COUNT; i++) {
                String name = String.format(Locale.ROOT, NAME, i);
                add(zip, name, template.replace(TEMPLATE, name).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry("many/" + name + ".class"));
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] compile(Path directory, String name, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("this is a JRE, and making classes needs the compiler of a JDK");
        }
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        if (compiler.run(null, null, null, "-proc:none", "-d", directory.toString(), file.toString()) != 0) {
            throw new IllegalStateException("the class " + name + " did not compile");
        }
        Path made = directory.resolve("many").resolve(name + ".class");
        byte[] content = Files.readAllBytes(made);
        Files.delete(file);
        Files.delete(made);
        return content;
    }

    private static String mainSource() {
        return """
                package many;

                public class Main {
                    public static void main(String[] args) throws Exception {
                        long start = System.nanoTime();
                        for (int i = 0; i < %d; i++) {
                            String digits = Integer.toString(100_000 + i);
                            Class.forName("many.Class" + digits.substring(1));
                        }
                        System.out.println(System.nanoTime() - start);
                    }
                }
                """.formatted(COUNT);
    }

    /** The source of a typical class: fields, a constructor, loops, a switch, an exception handler, collections. */
    private static String templateSource() {
        return """
                package many;

                import java.util.ArrayList;
                import java.util.HashMap;
                import java.util.List;
                import java.util.Map;

                public class NAME implements Comparable<NAME> {
                    private static final int LIMIT = 1_000;
                    private final Map<String, List<Integer>> numbers = new HashMap<>();
                    private final String name;
                    private int size;

                    public NAME(String name) {
                        this.name = name;
                    }

                    public void add(String key, int number) {
                        if (size == LIMIT) {
                            throw new IllegalStateException("full: " + name);
                        }
                        numbers.computeIfAbsent(key, unused -> new ArrayList<>()).add(number);
                        size++;
                    }

                    public int sum(String key) {
                        int sum = 0;
                        for (int number : numbers.getOrDefault(key, List.of())) {
                            sum += number;
                        }
                        return sum;
                    }

                    public int parsed(String text, int otherwise) {
                        try {
                            return Integer.parseInt(text.strip());
                        } catch (NumberFormatException notANumber) {
                            return otherwise;
                        }
                    }

                    public String kind() {
                        switch (size % 4) {
                            case 0: return "none";
                            case 1: return "one";
                            default: return "many of " + numbers.keySet();
                        }
                    }

                    @Override
                    public int compareTo(NAME other) {
                        return Integer.compare(size, other.size);
                    }
                }
                """.replace("NAME", TEMPLATE);
    }
}

package dev.heddle.weaver.fuzz;

import dev.heddle.weaver.SourceCompiler;
import dev.heddle.weaver.fuzz.Comparison.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Generates programs from consecutive seeds and compares their two versions. */
final class Fuzzer {

    private static final int PROGRAMS_AT_ONCE = 150;
    private static final int ATTEMPTS_TO_SHRINK = 1_500;

    /** The options of the compiler, used in turn. Linking concatenations takes long, so few programs have them in that form. */
    private static final List<List<String>> OPTIONS = List.of(
            List.of("-g", "-XDstringConcat=inline"),
            List.of("-g"),
            List.of("-g:none", "-XDstringConcat=inline"),
            List.of("-g:none", "-XDstringConcat=inline", "-parameters"));

    private Fuzzer() {}

    /**
     * Tries {@code count} programs from {@code seed} on.
     *
     * @throws AssertionError with a small program, if the versions of one differ
     */
    static void run(long seed, int count) {
        for (int done = 0; done < count; done += PROGRAMS_AT_ONCE) {
            long from = seed + done;
            long to = seed + Math.min(count, done + PROGRAMS_AT_ONCE);
            for (int kind = 0; kind < OPTIONS.size(); kind++) {
                List<String> options = OPTIONS.get(kind);
                check(
                        LongStream.range(from, to)
                                .filter(each -> options(each) == options)
                                .mapToObj(Program::of)
                                .toList(),
                        options);
            }
        }
    }

    private static List<String> options(long seed) {
        return OPTIONS.get(Math.floorMod(seed, OPTIONS.size()));
    }

    /** The class files, by binary name, of the plain and the woven version of all {@code programs}. */
    private static Map<String, byte[]> compile(List<Program> programs, List<String> options) {
        Map<String, String> sources = new HashMap<>();
        for (Program program : programs) {
            sources.put(program.className(true), program.source(true));
            sources.put(program.className(false), program.source(false));
        }
        return SourceCompiler.compile(sources, options);
    }

    private static void check(List<Program> programs, List<String> options) {
        if (programs.isEmpty()) {
            return;
        }
        Map<String, byte[]> classFiles;
        try {
            classFiles = compile(programs, options);
        } catch (SourceCompiler.Rejected oneOfThem) {
            checkEach(programs, options);
            return;
        }
        programs.forEach(program -> compare(program, classFiles));
    }

    private static void checkEach(List<Program> programs, List<String> options) {
        List<String> rejected = new ArrayList<>();
        for (Program program : programs) {
            Map<String, byte[]> classFiles;
            try {
                classFiles = compile(List.of(program), options);
            } catch (SourceCompiler.Rejected notJava) {
                rejected.add("seed " + program.seed() + ": " + notJava.getMessage());
                continue;
            }
            compare(program, classFiles);
        }
        if (rejected.size() > 1 + programs.size() / 10) {
            throw new AssertionError("too many programs do not compile: " + rejected);
        }
    }

    private static void compare(Program program, Map<String, byte[]> classFiles) {
        Difference difference = Comparison.of(program, classFiles);
        if (difference != null) {
            throw new AssertionError(report(program, difference));
        }
    }

    private static String report(Program program, Difference difference) {
        Program small = Shrinker.shrink(program, ATTEMPTS_TO_SHRINK, candidate -> {
            Difference other = differenceOf(candidate);
            return other != null && other.kind().equals(difference.kind());
        });
        Difference last = differenceOf(small);
        return "seed " + program.seed() + " on Java " + Runtime.version().feature() + ", compiled with "
                + options(program.seed()) + ": " + (last == null ? difference : last).text() + "\n"
                + small.source(true);
    }

    private static @Nullable Difference differenceOf(Program program) {
        try {
            return Comparison.of(program, compile(List.of(program), options(program.seed())));
        } catch (SourceCompiler.Rejected rejected) {
            return null;
        }
    }
}

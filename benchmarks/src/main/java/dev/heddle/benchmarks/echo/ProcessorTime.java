// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.benchmarks.echo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What threads have had of the processors, in nanoseconds: the time they ran, and the time they had to wait for one. */
record ProcessorTime(long ran, long waited) {

    private static final ProcessorTime NONE = new ProcessorTime(0, 0);

    /** Of the calling thread. */
    static ProcessorTime ofThisThread() throws IOException {
        return in(Path.of("/proc/thread-self"));
    }

    ProcessorTime plus(ProcessorTime other) {
        return new ProcessorTime(ran + other.ran, waited + other.waited);
    }

    ProcessorTime minus(ProcessorTime other) {
        return new ProcessorTime(ran - other.ran, waited - other.waited);
    }

    private static ProcessorTime in(Path thread) throws IOException {
        String[] words = Files.readString(thread.resolve("schedstat")).strip().split(" ", -1);
        return new ProcessorTime(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** The clocks of the threads of a process: of those that compile for a JVM, and of all others. */
    static final class OfProcess {

        private final Path threads;
        /** Whether a thread is one of a JVM's compilers, by its id. */
        private final Map<String, Boolean> known = new HashMap<>();

        OfProcess(long id) {
            this.threads = Path.of("/proc", Long.toString(id), "task");
        }

        /** The time of all threads but the compilers. */
        ProcessorTime withoutCompilers() throws IOException {
            return sum(false);
        }

        /** The time of the compilers. */
        ProcessorTime ofCompilers() throws IOException {
            return sum(true);
        }

        private ProcessorTime sum(boolean compilers) throws IOException {
            String[] ids = new File(threads.toString()).list();
            if (ids == null) {
                throw new IOException("the process of " + threads + " has ended");
            }
            ProcessorTime sum = NONE;
            for (String id : ids) {
                try {
                    if (compiles(id) == compilers) {
                        sum = sum.plus(in(threads.resolve(id)));
                    }
                } catch (NoSuchFileException ended) {
                    known.remove(id);
                }
            }
            return sum;
        }

        private boolean compiles(String id) throws IOException {
            Boolean compiles = known.get(id);
            if (compiles == null) {
                String name = Files.readString(threads.resolve(id).resolve("comm"));
                compiles = name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler");
                known.put(id, compiles);
            }
            return compiles;
        }
    }
}

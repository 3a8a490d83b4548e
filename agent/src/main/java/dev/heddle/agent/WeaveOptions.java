// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line after {@code weave}.
 *
 * @param out {@code --out DIR}: the directory to which copies are written, null to weave in place
 * @param check {@code --check}: write nothing
 * @param paths the directories and jars to weave, at least one
 */
record WeaveOptions(@Nullable Path out, boolean check, List<Path> paths) {

    /**
     * Parses {@code arguments}.
     *
     * @throws IllegalArgumentException if an option is unknown, lacks its value or contradicts another option, or if
     *     there is no path
     */
    static WeaveOptions parse(List<String> arguments) {
        Path out = null;
        boolean check = false;
        List<Path> paths = new ArrayList<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (argument.equals("--check")) {
                check = true;
            } else if (argument.equals("--out")) {
                if (!rest.hasNext()) {
                    throw new IllegalArgumentException("option '--out' needs a directory");
                }
                out = path(rest.next());
            } else if (argument.startsWith("-")) {
                throw new IllegalArgumentException(
                        "unknown option '" + argument + "'; there are --out DIR and --check");
            } else {
                paths.add(path(argument));
            }
        }
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("nothing to weave; name a directory of classes or a jar");
        }
        if (check && out != null) {
            throw new IllegalArgumentException(
                    "option '--check' writes nothing, so there is nothing for '--out'; drop one");
        }
        return new WeaveOptions(out, check, List.copyOf(paths));
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException ignored) {
            // reported below
        }
        throw new IllegalArgumentException("'" + text + "' is not a path");
    }
}

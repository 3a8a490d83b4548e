// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A directory or a jar that contains class files. */
interface ClassContainer {

    /**
     * Weaves every class file and writes nothing. Returns the class files that change, by their names in the container.
     */
    Map<String, byte[]> weave(WeavePass pass) throws IOException;

    /** Replaces the files with these names by {@code woven}, and keeps everything else as it is. */
    void replace(Map<String, byte[]> woven) throws IOException;

    /**
     * Writes a copy of the container to {@link #copyBelow}, in which {@code woven} replaces the files with these names.
     */
    void copy(Map<String, byte[]> woven, Path out) throws IOException;

    /** The directory or file to which a copy below {@code out} is written. */
    Path copyBelow(Path out);
}

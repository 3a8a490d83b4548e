package dev.heddle.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** What class files are in: a directory or a jar. */
interface ClassContainer {

    /** Weaves every class file and writes nothing. The result has those that change, by their names in the container. */
    Map<String, byte[]> weave(WeavePass pass) throws IOException;

    /** Puts {@code woven} in place of the files with these names; everything else is kept as it is. */
    void replace(Map<String, byte[]> woven) throws IOException;

    /** Writes a copy of everything to {@link #copyBelow}, with {@code woven} in place of the files with these names. */
    void copy(Map<String, byte[]> woven, Path out) throws IOException;

    /** The directory or file that a copy below {@code out} is written to. */
    Path copyBelow(Path out);
}

package dev.heddle.weaver;

import java.util.HashMap;
import java.util.Map;

/** How many bytes the methods of a class have, before it is woven and after. */
public final class MethodSizes {

    private MethodSizes() {}

    /** The methods as compiled, by name and descriptor. */
    public static Map<String, Integer> compiled(byte[] classFile) {
        return ClassFileLayout.codeLengths(classFile);
    }

    /** The bodies of woven methods, by name and descriptor as compiled. */
    public static Map<String, Integer> woven(byte[] classFile) {
        Map<String, Integer> sizes = new HashMap<>();
        ClassFileLayout.codeLengths(classFile).forEach((key, size) -> {
            if (key.endsWith(RuntimeNames.BODY_DESCRIPTOR_END)) {
                sizes.put(HugeMethods.compiledKey(key), size);
            }
        });
        return sizes;
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds woven methods that HotSpot only interprets, because it does not compile methods over 8,000 bytes. */
final class HugeMethods {

    /** HotSpot's {@code HugeMethodLimit}. */
    static final int LIMIT = 8_000;

    private HugeMethods() {}

    /**
     * The sizes of the bodies in {@code woven} that are longer than {@code limit} bytes, by the keys of the methods.
     */
    static Map<String, Integer> bodies(byte[] woven, int limit) {
        Map<String, Integer> bodies = new LinkedHashMap<>();
        ClassFileLayout.codeLengths(woven).forEach((key, size) -> {
            if (size > limit && key.endsWith(RuntimeNames.BODY_DESCRIPTOR_END)) {
                bodies.put(compiledKey(key), size);
            }
        });
        return bodies;
    }

    /** A warning for each of the {@code bodies}, which are too long to be compiled. */
    static List<String> warnings(byte[] compiled, Map<String, Integer> bodies) {
        List<String> warnings = new ArrayList<>();
        if (!bodies.isEmpty()) {
            String className = ClassFileLayout.className(compiled).replace('/', '.');
            Map<String, Integer> before = ClassFileLayout.codeLengths(compiled);
            bodies.forEach((key, size) -> warnings.add(className + "." + key.substring(0, key.indexOf('(')) + " has "
                    + size + " bytes of bytecode, " + before.get(key)
                    + " before it was woven: HotSpot compiles no method"
                    + " of more than " + LIMIT + " and interprets this one, many times slower; split it into smaller"
                    + " methods, or run with -XX:-DontCompileHugeMethods"));
        }
        return warnings;
    }

    /** The name and descriptor of a method as compiled, from those of its body. */
    static String compiledKey(String bodyKey) {
        int end = bodyKey.length() - RuntimeNames.BODY_DESCRIPTOR_END.length();
        return bodyKey.substring(0, end) + ")" + RuntimeNames.COROUTINE_DESCRIPTOR;
    }
}

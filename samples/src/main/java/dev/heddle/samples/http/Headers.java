// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header fields of a message, in their order. Names are compared without regard to case. */
public final class Headers {

    private record Field(String name, String value) {

        boolean isNamed(String name) {
            return this.name.equalsIgnoreCase(name);
        }
    }

    private final List<Field> fields = new ArrayList<>();

    /**
     * Adds a field behind the others.
     *
     * @return this
     * @throws IllegalArgumentException if the name or the value has characters that would break the message, such as the end of a line
     */
    public Headers add(String name, String value) {
        if (!Syntax.isToken(name) || !Syntax.isFieldValue(value)) {
            throw new IllegalArgumentException("not a header field: " + name + ": " + value);
        }
        fields.add(new Field(name, value));
        return this;
    }

    /** Adds the field in {@code line}, which a peer has sent without the end of the line (RFC 9112, section 5). */
    void parse(String line) throws BadMessageException {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(colon, 0));
        String value = Syntax.trim(line.substring(colon + 1));
        if (!Syntax.isToken(name) || !Syntax.isFieldValue(value)) {
            // Lines that continue the line before ("obs-fold") and spaces before the colon end here, too: proxies
            // differ in how they read them.
            throw new BadMessageException(Status.BAD_REQUEST, "malformed header field");
        }
        fields.add(new Field(name, value));
    }

    /** Returns the value of the first field with this name, or null if there is none. */
    public @Nullable String get(String name) {
        for (Field field : fields) {
            if (field.isNamed(name)) {
                return field.value;
            }
        }
        return null;
    }

    /** Returns the values of all fields with this name. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.isNamed(name))
                .map(Field::value)
                .toList();
    }

    /** Returns whether a field with this name is a comma-separated list that contains {@code token}, as in {@code Connection: close}. */
    public boolean lists(String name, String token) {
        for (Field field : fields) {
            if (field.isNamed(name)) {
                for (String element : field.value.split(",", -1)) {
                    if (Syntax.isTheToken(Syntax.trim(element), token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Requires that there are no fields with these names, which the caller adds by itself.
     *
     * @throws IllegalArgumentException if there is one
     */
    void requireNone(String... names) {
        for (String name : names) {
            if (get(name) != null) {
                throw new IllegalArgumentException("the field " + name + " is added by itself; do not set it");
            }
        }
    }

    /** Returns the number of fields. */
    public int size() {
        return fields.size();
    }

    /** Returns new headers with the same fields. */
    public Headers copy() {
        Headers copy = new Headers();
        copy.fields.addAll(fields);
        return copy;
    }

    void appendTo(StringBuilder head) {
        for (Field field : fields) {
            head.append(field.name).append(": ").append(field.value).append("\r\n");
        }
    }
}

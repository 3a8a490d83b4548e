// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.samples.http;

import java.util.regex.Pattern;

/** The characters that may occur in the parts of a message (RFC 9110, section 5.6, and RFC 9112). */
final class Syntax {

    /** A name, an IPv4 address, or an IPv6 address in brackets, and a port (RFC 3986, section 3.2). */
    private static final Pattern HOST =
            Pattern.compile("([a-zA-Z0-9._~!$&'()*+,;=%-]*|\\[[0-9a-fA-F:.]+\\])(:[0-9]{0,5})?");

    private Syntax() {}

    /** Whether {@code text} can be a method or the name of a field. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(Syntax::isTokenCharacter);
    }

    /**
     * Whether {@code text}, which a peer has sent, is {@code token}, without regard to case. Only ASCII letters count: {@link String#equalsIgnoreCase}
     * takes the Kelvin sign for a k, and another party would not.
     */
    static boolean isTheToken(String text, String token) {
        return isToken(text) && text.equalsIgnoreCase(token);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** Whether {@code text} can be the value of a field: it has no control characters, except tabs. */
    static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\t');
    }

    /** Whether {@code text} can be the value of {@code Host}, which may be empty. */
    static boolean isHost(String text) {
        return HOST.matcher(text).matches();
    }

    /** Whether {@code text} can be the target of a request: visible ASCII characters only. */
    static boolean isTarget(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** Removes spaces and tabs at both ends. */
    static String trim(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (end > begin && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * Parses a number without a sign, which {@link Long#parseLong} would accept.
     *
     * @return the number, or -1 if {@code text} is not one of at most 15 digits
     */
    static long number(String text, int radix) {
        boolean digits = text.chars().allMatch(c -> c < 0x80 && Character.digit(c, radix) >= 0);
        return text.isEmpty() || text.length() > 15 || !digits ? -1 : Long.parseLong(text, radix);
    }
}

package dev.heddle.weaver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sources whose calls of {@code await} get classes of exceptions, which changes nothing but what the compiler knows. */
final class DeclaringSource {

    private static final Pattern AWAIT = Pattern.compile("(?<![\\w:])await\\(");

    private DeclaringSource() {}

    /** Adds one class to the first call in {@code source}, two to the second, one to the third, and so on. */
    static String of(String source) {
        StringBuilder declaring = new StringBuilder(source);
        Matcher call = AWAIT.matcher(source);
        int calls = 0;
        while (call.find()) {
            calls++;
        }
        for (int i = calls; i > 0; i--) { // from the last one on, so that positions stay
            call = AWAIT.matcher(source);
            for (int j = 0; j < i; j++) {
                call.find();
            }
            int end = closing(declaring, call.end());
            declaring.insert(
                    end,
                    i % 2 == 1 ? ", RuntimeException.class" : ", RuntimeException.class, IllegalStateException.class");
        }
        return declaring.toString();
    }

    /** Returns the position of the parenthesis that closes the one before {@code start}. Skips literals. */
    private static int closing(CharSequence source, int start) {
        int depth = 1;
        for (int i = start; ; i++) {
            char c = source.charAt(i);
            if (c == '"' || c == '\'') {
                i = endOfLiteral(source, i);
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
    }

    private static int endOfLiteral(CharSequence source, int start) {
        int i = start + 1;
        while (source.charAt(i) != source.charAt(start)) {
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}

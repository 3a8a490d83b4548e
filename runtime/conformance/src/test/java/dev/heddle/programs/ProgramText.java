package dev.heddle.programs;

import java.util.ArrayList;
import java.util.List;

/** A node of a random program: a word, or a list of nodes. The first word of a list usually names the statement. */
record ProgramText(String word, List<ProgramText> parts) {

    /** Reads {@code (repeat 2 (sleep 1) (log 7))}. */
    static ProgramText parse(String text) {
        return new Parser(text).node();
    }

    boolean isWord() {
        return parts.isEmpty() && !word.isEmpty();
    }

    String kind() {
        return parts.get(0).word;
    }

    ProgramText part(int index) {
        return parts.get(index);
    }

    String word(int index) {
        return parts.get(index).word;
    }

    int number(int index) {
        return Integer.parseInt(word(index));
    }

    List<ProgramText> from(int index) {
        return parts.subList(index, parts.size());
    }

    private static final class Parser {

        private final String text;
        private int position;

        Parser(String text) {
            this.text = text;
        }

        ProgramText node() {
            return text.charAt(position) == '(' ? list() : new ProgramText(word(), List.of());
        }

        private ProgramText list() {
            List<ProgramText> parts = new ArrayList<>();
            position++;
            while (text.charAt(position) != ')') {
                if (text.charAt(position) == ' ') {
                    position++;
                } else {
                    parts.add(node());
                }
            }
            position++;
            return new ProgramText("", parts);
        }

        private String word() {
            int begin = position;
            while (" ()".indexOf(text.charAt(position)) < 0) {
                position++;
            }
            return text.substring(begin, position);
        }
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.lint;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.Tree;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.Name;

/** The local variables of a class that hold awaitables, and whether they are read. */
final class LocalVariables {

    private final Types types;
    private final Findings findings;

    /** The names of all such variables. Only identifiers with these names are looked up. */
    private final Set<Name> names = new HashSet<>();

    /** The places where variables get the result of a call. */
    private final Map<Tree, Element> assigned = new LinkedHashMap<>();

    private final Set<Element> read = new HashSet<>();

    LocalVariables(Types types, Findings findings) {
        this.types = types;
        this.findings = findings;
    }

    void declare(Name name) {
        names.add(name);
    }

    /** Notes that {@code variable} gets the result of a call at {@code place}. A variable may be named so that it is clear that the result is dropped on purpose. */
    void assign(Element variable, Tree place) {
        String name = variable.getSimpleName().toString();
        boolean onPurpose = name.isEmpty() || name.startsWith("unused") || name.startsWith("ignored");
        if (!onPurpose && !findings.areSuppressed()) {
            assigned.put(place, variable);
        }
    }

    void read(IdentifierTree identifier) {
        if (names.contains(identifier.getName())) {
            Element variable = types.element(identifier);
            if (variable != null) {
                read.add(variable);
            }
        }
    }

    /** Reports the variables that are never read. */
    void report() {
        assigned.forEach((place, variable) -> {
            if (!read.contains(variable)) {
                String noun = types.noun(variable.asType());
                findings.error(place, Messages.unused(noun, variable.getSimpleName()));
            }
        });
    }
}

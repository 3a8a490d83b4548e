package dev.heddle.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The places that repeat what the parent's pom.xml says. */
class PomsIT {

    private static final String PARENT = Readme.read(Readme.ROOT.resolve("pom.xml"));
    private static final String BOM = Readme.read(Readme.ROOT.resolve("runtime/bom/pom.xml"));

    private static String first(String text, String regex) {
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        assertTrue(matcher.find(), regex);
        return matcher.group(1);
    }

    @Test
    void theBomDescribesTheProjectAsTheParentDoes() {
        for (String element : List.of("url", "inceptionYear", "licenses", "developers", "connection", "version")) {
            String regex = "<" + element + ">(.*?)</" + element + ">";
            assertEquals(first(PARENT, regex), first(BOM, regex), element);
        }
        for (String plugin : List.of("maven-deploy-plugin", "maven-gpg-plugin", "maven-install-plugin")) {
            String version = "<artifactId>" + plugin + "</artifactId>\\s*<version>(.*?)</version>";
            assertEquals(Readme.property(plugin + ".version"), first(BOM, version));
        }
    }

    @Test
    void theReadmesNameTheVersionOfTheProjectAndPinnedPlugins() {
        for (String mark : List.of("<artifactId>heddle-bom", "<goal>weave</goal>", "<goal>prepare-agent</goal>")) {
            assertEquals(Readme.version(), first(Readme.snippet(mark), "<version>([^<]*)</version>"));
        }
        assertEquals(
                Readme.property("maven-shade-plugin.version"),
                first(Readme.snippet("maven-shade-plugin"), "<version>([^<]*)</version>"));
    }
}

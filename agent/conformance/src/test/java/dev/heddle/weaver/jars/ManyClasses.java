package dev.heddle.weaver.jars;

import dev.heddle.weaver.ClassFileFilter;
import dev.heddle.weaver.Refusal;
import dev.heddle.weaver.WeaveResult;
import dev.heddle.weaver.Weaver;
import dev.heddle.weaver.WovenClassVerifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes all methods of many classes async, weaves them, and checks the result with both verifiers. */
final class ManyClasses {

    /** JVMS 4.7.3. */
    static final int LARGEST_METHOD = 0xFFFF;

    private final Map<String, byte[]> compiled;
    private final Map<String, byte[]> dependencies;
    private final long seed;
    private final Function<byte[], WeaveResult> weaver;
    private final Map<String, byte[]> injected = new TreeMap<>();
    private final Map<String, byte[]> woven = new TreeMap<>();
    private final Tally tally = new Tally();

    /**
     * A run over {@code compiled}.
     *
     * @param compiled the class files by internal name
     * @param dependencies classes that these may need, likewise
     * @param seed decides where the awaits are
     */
    ManyClasses(Map<String, byte[]> compiled, Map<String, byte[]> dependencies, long seed) {
        this(compiled, dependencies, seed, Weaver::weave);
    }

    /** The same, with the weaver to test. */
    ManyClasses(
            Map<String, byte[]> compiled,
            Map<String, byte[]> dependencies,
            long seed,
            Function<byte[], WeaveResult> weaver) {
        this.compiled = compiled;
        this.dependencies = dependencies;
        this.seed = seed;
        this.weaver = weaver;
    }

    Tally run() {
        compiled.forEach(this::weave);
        verifyByJvm();
        return tally;
    }

    private void weave(String name, byte[] classFile) {
        InjectedClass input = InjectedClass.of(classFile, seed);
        tally.count("methods left out", input.leftOut());
        injected.put(name, input.classFile());
        woven.put(name, input.classFile());
        if (input.methods().isEmpty()) {
            return;
        }
        tally.version(classFile);
        input.methods().forEach(tally::method);
        if (!ClassFileFilter.namesHeddle(input.classFile())) {
            tally.errors.add(name + ": would not be looked at");
        }
        try {
            long start = System.nanoTime();
            WeaveResult result = weaver.apply(input.classFile());
            tally.classWoven(name, System.nanoTime() - start);
            byte[] output = result.classFile() == null ? input.classFile() : result.classFile();
            woven.put(name, output);
            compare(name, input, result.refusals(), WovenSizes.of(output));
            verifyDataFlow(name, input.classFile(), output);
        } catch (RuntimeException failure) {
            tally.errors.add(name + ": cannot be woven: " + failure);
        }
    }

    /** Every method is woven, or refused by the one rule that applies to it. */
    private void compare(String name, InjectedClass input, List<Refusal> refusals, Map<String, WovenSizes.Size> sizes) {
        Map<String, List<Refusal>> refused = new HashMap<>();
        for (Refusal refusal : refusals) {
            refused.computeIfAbsent(refusal.method(), method -> new ArrayList<>())
                    .add(refusal);
        }
        for (InjectedMethod method : input.methods()) {
            List<Refusal> reasons = refused.getOrDefault(method.name(), List.of());
            WovenSizes.Size size = sizes.get(method.name());
            boolean isWoven = method.expectation() == Expectation.WOVEN && reasons.isEmpty() && size != null;
            boolean mayBeRefused = method.expectation() != Expectation.WOVEN || method.largest() > LARGEST_METHOD;
            boolean isRefused = mayBeRefused
                    && size == null
                    && !reasons.isEmpty()
                    && reasons.stream().allMatch(reason -> method.expectation().isSaidBy(reason.rule()));
            if (isWoven) {
                tally.woven(method, size);
            } else if (isRefused) {
                tally.refusal(method.expectation());
            } else {
                tally.errors.add(name + "." + method + ": " + reasons);
            }
        }
    }

    private void verifyDataFlow(String name, byte[] before, byte[] after) {
        String failure = dataFlowFailure(name, after);
        if (failure.isEmpty()) {
            return;
        }
        if (dataFlowFailure(name, before).isEmpty()) {
            tally.errors.add(name + ": data flow: " + failure);
        } else {
            tally.unusableBefore.add(
                    name + ": data flow: " + failure.lines().findFirst().orElse(""));
        }
    }

    private static String dataFlowFailure(String name, byte[] classFile) {
        try {
            WovenClassVerifier.verify(name, classFile);
            return "";
        } catch (IllegalStateException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /** The JVM may refuse a woven class only if it refuses the original class in the same way. */
    private void verifyByJvm() {
        Map<String, Throwable> failures = new UninitializedLoader(woven, dependencies).failures();
        tally.count("classes verified by the JVM", woven.size() - failures.size());
        if (failures.isEmpty()) {
            return;
        }
        Map<String, Throwable> before = new UninitializedLoader(injected, dependencies).failures();
        failures.forEach((name, failure) -> {
            Throwable other = before.get(name);
            if (other != null && other.getClass() == failure.getClass()) {
                tally.unusableBefore.add(name + ": " + firstLine(failure));
            } else {
                tally.errors.add(name + ": JVM: " + failure + "; before weaving: " + other);
            }
        });
    }

    private static String firstLine(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}

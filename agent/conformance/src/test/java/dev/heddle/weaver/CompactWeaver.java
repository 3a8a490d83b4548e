package dev.heddle.weaver;

/** The weaver as it weaves methods that would be too long, for methods of any length. */
public final class CompactWeaver {

    private CompactWeaver() {}

    /** As {@link Weaver#weave}, with compact bodies only. */
    public static WeaveResult weave(byte[] classFile) {
        return Weaver.weave(classFile, 0);
    }

    /** As {@link Weaver#weave}, with no compact body. */
    public static WeaveResult weaveInFull(byte[] classFile) {
        return Weaver.weave(classFile, Integer.MAX_VALUE);
    }
}

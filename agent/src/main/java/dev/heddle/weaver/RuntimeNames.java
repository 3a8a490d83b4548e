// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.weaver;

import java.util.Set;

/**
 * The names and descriptors of the runtime's members that the weaver looks for or calls. They appear in no other file
 * of the agent.
 */
public final class RuntimeNames {

    // Members that the weaver looks for.

    /** Descriptor of the annotation of methods to weave. */
    public static final String ASYNC_DESCRIPTOR = "Ldev/heddle/Async;";

    /** Owner of {@code await}. */
    public static final String ASYNCIO = "dev/heddle/Asyncio";

    /** Name of {@code await}. */
    public static final String AWAIT = "await";

    /** {@code await} of a coroutine, a future or a sleep. */
    public static final String AWAIT_AWAITABLE = "(Ldev/heddle/Awaitable;)Ljava/lang/Object;";

    /** {@code await} of any {@code CompletionStage}. */
    public static final String AWAIT_STAGE = "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;";

    /** {@code await} of either with the classes of exceptions that it declares. */
    public static final Set<String> AWAIT_DECLARING = Set.of(
            "(Ldev/heddle/Awaitable;Ljava/lang/Class;)Ljava/lang/Object;",
            "(Ldev/heddle/Awaitable;Ljava/lang/Class;Ljava/lang/Class;)Ljava/lang/Object;",
            "(Ljava/util/concurrent/CompletionStage;Ljava/lang/Class;)Ljava/lang/Object;",
            "(Ljava/util/concurrent/CompletionStage;Ljava/lang/Class;Ljava/lang/Class;)Ljava/lang/Object;");

    /** The return type of woven methods. */
    public static final String COROUTINE = "dev/heddle/Coroutine";

    /** Descriptor of {@link #COROUTINE}. */
    public static final String COROUTINE_DESCRIPTOR = "Ldev/heddle/Coroutine;";

    /** The type of everything that can be awaited. */
    public static final String AWAITABLE = "dev/heddle/Awaitable";

    /** The classes whose methods return the coroutine that a task runs. */
    public static final Set<String> FUTURES = Set.of("dev/heddle/Future", "dev/heddle/Task");

    /** The class with {@link #IMMEDIATE} methods. */
    public static final String BARRIER = "dev/heddle/sync/Barrier";

    /** The methods that return a coroutine and do their work when they are called. */
    public static final Set<String> IMMEDIATE = Set.of("reset", "abort");

    /** A lambda of this type is a coroutine whether it awaits or not. */
    public static final String ASYNC_SUPPLIER = "dev/heddle/AsyncSupplier";

    /** A lambda of this type is a coroutine whether it awaits or not. */
    public static final String ASYNC_FUNCTION = "dev/heddle/AsyncFunction";

    /** Name of {@code Coroutine.of}: a {@code return Coroutine.of(v)} returns {@code v} from the body. */
    public static final String OF = "of";

    /** Descriptor of {@code Coroutine.of}. */
    public static final String OF_DESCRIPTOR = "(Ljava/lang/Object;)Ldev/heddle/Coroutine;";

    /** Name of {@code Coroutine.done}: a {@code return Coroutine.done()} returns null from the body. */
    public static final String DONE = "done";

    /** Descriptor of {@code Coroutine.done}. */
    public static final String DONE_DESCRIPTOR = "()Ldev/heddle/Coroutine;";

    // Members that woven code calls.

    /** Name of the method that wraps a {@code CompletionStage} in a future. */
    public static final String WRAP_FUTURE = "wrapFuture";

    /** Descriptor of {@link #WRAP_FUTURE}. */
    public static final String WRAP_FUTURE_DESCRIPTOR = "(Ljava/util/concurrent/CompletionStage;)Ldev/heddle/Future;";

    /** Owner of the check of the calling convention. It has this name in every version. */
    public static final String CONVENTION = "dev/heddle/woven/Convention";

    /** Name of the constant of {@link #CONVENTION} that states the version of a runtime. */
    public static final String VERSION = "VERSION";

    /** The version for which this weaver weaves. */
    public static final int CONVENTION_VERSION = 2;

    /** Name of the method that checks the version for which a class was woven. */
    public static final String REQUIRE = "require";

    /** Descriptor of {@link #REQUIRE}. */
    public static final String REQUIRE_DESCRIPTOR = "(I)V";

    /** Owner of the methods that an await calls. */
    public static final String SUSPENSION = "dev/heddle/woven/Suspension";

    /** Name of the constant that a body returns when it suspends. */
    public static final String SUSPENDED = "SUSPENDED";

    /** Descriptor of {@code Suspension.await}. */
    public static final String BEGIN_DESCRIPTOR = "(Ljava/lang/Object;)Ljava/lang/Object;";

    /** Name of the method that completes the stack trace of a caught exception. */
    public static final String CAUGHT = "caught";

    /** Descriptor of {@link #CAUGHT}. */
    public static final String CAUGHT_DESCRIPTOR = "(Ljava/lang/Object;)V";

    /** Descriptor of the {@code Suspension.await} of a long body, which also takes the number of the await. */
    public static final String BEGIN_NUMBERED_DESCRIPTOR = "(Ljava/lang/Object;I)Ljava/lang/Object;";

    /** Name of the method that records where a long body suspends after it has called another body directly. */
    public static final String SUSPENDS = "suspends";

    /** Descriptor of {@link #SUSPENDS}. */
    public static final String SUSPENDS_DESCRIPTOR = "(I)V";

    /** Name of the methods that throw the message of a refusal. */
    public static final String REFUSE = "refuse";

    /** Name of the method that creates the exception for a frame of another version of a method. */
    public static final String REDEFINED = "redefined";

    /** Descriptor of {@link #REDEFINED}. */
    public static final String REDEFINED_DESCRIPTOR = "(Ldev/heddle/woven/Frame;)Ljava/lang/RuntimeException;";

    /** Descriptor of {@link #REFUSE} in place of an {@code await}: awaitable and message. */
    public static final String REFUSE_AWAIT_DESCRIPTOR = "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;";

    /** Descriptor of {@link #REFUSE} at the start of a method. */
    public static final String REFUSE_CALL_DESCRIPTOR = "(Ljava/lang/String;)V";

    /** The smallest frame, and the type of the last parameter of every body. */
    public static final String FRAME = "dev/heddle/woven/Frame";

    /** Descriptor of {@link #FRAME}. */
    public static final String FRAME_DESCRIPTOR = "Ldev/heddle/woven/Frame;";

    /** How the descriptor of every body ends. */
    public static final String BODY_DESCRIPTOR_END = FRAME_DESCRIPTOR + ")Ljava/lang/Object;";

    /** Name of the field that holds the state of a frame. */
    public static final String STATE = "state";

    /** Name of the method that takes the result of an await out of a frame. */
    public static final String TAKE = "take";

    /** Descriptor of {@link #TAKE}. */
    public static final String TAKE_DESCRIPTOR = "()Ljava/lang/Object;";

    /** Name prefix of the fields for references. The number of the field follows. */
    public static final String REFERENCE_FIELD = "a";

    /** Name prefix of the fields for primitives. The number of the field follows. */
    public static final String PRIMITIVE_FIELD = "l";

    /** A frame with room for one reference and one primitive. The other names are formed in the same way. */
    public static final String FRAME_R1_L1 = "dev/heddle/woven/FrameR1L1";

    /** See {@link #FRAME_R1_L1}. */
    public static final String FRAME_R3_L1 = "dev/heddle/woven/FrameR3L1";

    /** See {@link #FRAME_R1_L1}. */
    public static final String FRAME_R3_L2 = "dev/heddle/woven/FrameR3L2";

    /** See {@link #FRAME_R1_L1}. */
    public static final String FRAME_R5_L2 = "dev/heddle/woven/FrameR5L2";

    /** See {@link #FRAME_R1_L1}. */
    public static final String FRAME_R5_L3 = "dev/heddle/woven/FrameR5L3";

    /** See {@link #FRAME_R1_L1}. */
    public static final String FRAME_R7_L3 = "dev/heddle/woven/FrameR7L3";

    /** The frame that keeps the values beyond its fields in arrays. */
    public static final String LARGE_FRAME = "dev/heddle/woven/LargeFrame";

    /** Name of the array of references in a large frame. */
    public static final String REFERENCES = "references";

    /** Name of the array of primitives in a large frame. */
    public static final String PRIMITIVES = "primitives";

    /** The type of entries, which continue bodies. */
    public static final String ENTRY = "dev/heddle/woven/Entry";

    /** Descriptor of {@link #ENTRY}. */
    public static final String ENTRY_DESCRIPTOR = "Ldev/heddle/woven/Entry;";

    /** Name of the method of {@link #ENTRY}. */
    public static final String RESUME = "resume";

    /** Descriptor of {@link #RESUME}. */
    public static final String RESUME_DESCRIPTOR = "(Ldev/heddle/woven/Frame;)Ljava/lang/Object;";

    /** Owner of what makes entries. */
    public static final String ENTRIES = "dev/heddle/woven/Entries";

    /** How the names begin of the members that entries need. The runtime leaves methods with such names out of stack traces. */
    public static final String PREFIX = "heddle$";

    /** Name of the method that makes an entry of a lambda. */
    public static final String MADE = "made";

    /** Descriptor of {@link #MADE}. */
    public static final String MADE_DESCRIPTOR = "(Ldev/heddle/woven/Entry;)Ldev/heddle/woven/Entry;";

    /** Name of the method that describes a body. */
    public static final String FACTS = "facts";

    /** Descriptor of {@link #FACTS}. */
    public static final String FACTS_DESCRIPTOR =
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/String;Z"
                    + "Ljava/lang/String;Ljava/lang/String;)Ljava/lang/Object;";

    /** Descriptor of the constructor of every frame but the large one. */
    public static final String FRAME_CONSTRUCTOR = "(Ldev/heddle/woven/Entry;)V";

    /** Descriptor of the constructor of the large frame. */
    public static final String LARGE_FRAME_CONSTRUCTOR = "(Ldev/heddle/woven/Entry;II)V";

    /** Name of the method that stores all values of a body into a frame and suspends it. */
    public static final String SUSPEND = "suspend";

    /** Name of the method that suspends a frame whose values are stored already. */
    public static final String SUSPEND_AT = "suspendAt";

    /** Descriptor of {@link #SUSPEND_AT}. */
    public static final String SUSPEND_AT_DESCRIPTOR = "(ILjava/lang/Object;)Ljava/lang/Object;";

    /** Name of the method that suspends the frame of a long body and drops the references that are dead there. */
    public static final String SUSPEND_KEEPING = "suspendKeeping";

    /** Descriptor of {@link #SUSPEND_KEEPING}. */
    public static final String SUSPEND_KEEPING_DESCRIPTOR = "(ILjava/lang/String;)Ljava/lang/Object;";

    /** Name of the method that returns the large frame of a body that suspends. */
    public static final String LARGE_FRAME_OF = "of";

    /** Descriptor of {@link #LARGE_FRAME_OF}. */
    public static final String LARGE_FRAME_OF_DESCRIPTOR =
            "(Ldev/heddle/woven/Frame;Ldev/heddle/woven/Entry;II)Ldev/heddle/woven/LargeFrame;";

    private RuntimeNames() {}

    /** Descriptor of {@link #SUSPEND} for a frame with the given numbers of fields. */
    public static String suspendDescriptor(int references, int primitives) {
        return "(Ldev/heddle/woven/Frame;Ldev/heddle/woven/Entry;" + "Ljava/lang/Object;".repeat(references)
                + "J".repeat(primitives) + "ILjava/lang/Object;)Ljava/lang/Object;";
    }
}

// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.net;

import dev.heddle.CheckReturnValue;
import dev.heddle.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host. A test or a program with a name server of its own sets one with {@link ConnectOptions#withResolver}. */
@FunctionalInterface
public interface Resolver {

    /**
     * Returns a coroutine that finds the addresses of {@code host}, the preferred one first. It throws an {@link java.net.UnknownHostException} if there
     * are none.
     */
    @CheckReturnValue
    Coroutine<List<InetAddress>> resolve(String host) throws IOException;

    /** Returns the resolver that asks the system, on a thread of the loop's default executor. A numeric address needs no thread. */
    static Resolver system() {
        return Resolution::bySystem;
    }
}

/** Programs that use other libraries from coroutines, one for each library. */
@NullMarked
package dev.heddle.interop;

import org.jspecify.annotations.NullMarked;

/** The peer Tascalate Async/Await, which the build weaves. */
package dev.heddle.benchmarks.tascalate;

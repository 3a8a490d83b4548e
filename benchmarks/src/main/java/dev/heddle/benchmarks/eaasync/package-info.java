/**
 * The peer EA Async. It reads class files of release 11 at most, so this package is compiled for that release. Its agent fails on JDK 17 and later, so the
 * build weaves this package.
 */
package dev.heddle.benchmarks.eaasync;

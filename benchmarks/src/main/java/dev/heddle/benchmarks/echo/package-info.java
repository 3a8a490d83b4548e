/**
 * Row 13: echo servers, and the program that compares them. {@link dev.heddle.benchmarks.echo.EchoComparison} starts
 * the servers as processes, loads them in turn, and measures their processor time. {@link
 * dev.heddle.benchmarks.echo.EchoServer} is the program of the servers in Java.
 */
@NullMarked
package dev.heddle.benchmarks.echo;

import org.jspecify.annotations.NullMarked;

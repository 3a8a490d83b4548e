package dev.heddle.process;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.gather;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Async;
import dev.heddle.Asyncio;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.EventLoop;
import dev.heddle.Task;
import dev.heddle.TimeoutException;
import dev.heddle.cpython.Blocks;
import dev.heddle.io.Descriptors;
import dev.heddle.net.IncompleteReadException;
import dev.heddle.net.LimitExceededException;
import dev.heddle.net.ReadStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Real processes, with pipes that the child has itself, and with pipes that threads copy to. */
@ParameterizedClass
@EnumSource
class SubprocessIT {

    enum Pipes {
        NAMED,
        COPIED
    }

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Pipes pipes;
    private final boolean before = PipeNames.available;

    @TempDir
    private Path directory;

    SubprocessIT(Pipes pipes) {
        this.pipes = pipes;
    }

    @BeforeEach
    void choosePipes() {
        PipeNames.available = before && pipes == Pipes.NAMED;
    }

    @AfterEach
    void restorePipes() {
        PipeNames.available = before;
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 >> 3);
        }
        return bytes;
    }

    /** Whether the process lives, and is no zombie. */
    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Blocks. Does not use {@link ProcessHandle#onExit}, which may be late if others have the pipes. */
    private static void awaitEnd(long pid) {
        for (long end = System.nanoTime() + LONG.toNanos(); lives(pid); Thread.onSpinWait()) {
            assertTrue(System.nanoTime() < end, () -> "process " + pid + " does not end");
        }
    }

    // Streams

    @Async
    private static Coroutine<Void> talk() throws IOException {
        Subprocess cat = await(Subprocess.exec("cat"));
        await(cat.stdin().write("one\ntwo\n".getBytes(UTF_8)));
        assertEquals("one", await(cat.stdout().readLine()));
        assertEquals("two", await(cat.stdout().readLine()));
        assertTrue(cat.isAlive());
        await(cat.stdin().shutdownOutput());
        assertNull(await(cat.stdout().readLine()));
        assertEquals(0, await(cat.exit()));
        assertFalse(cat.isAlive());
        assertEquals("<Subprocess " + cat.pid() + " exit code 0 cat>", cat.toString());
        return Coroutine.done();
    }

    @Test
    void linesGoInAndComeOut() throws IOException {
        run(talk());
    }

    @Test
    void megabytesPassThrough() throws IOException {
        byte[] much = bytes(3_000_000);
        ProcessResult result = run(() -> await(Subprocess.exec("cat")).communicate(much));
        assertEquals(new ProcessResult(0, much, new byte[0]), result);
    }

    /** Both pipes are read at the same time: a process that fills one while the other is read would wait forever. */
    @Test
    void muchOnBothPipesIsReadAtTheSameTime() throws IOException {
        String line = "yes out | head -c 1000000; yes err | head -c 1000000 >&2; yes out | head -c 1000000";
        ProcessResult result = run(() -> await(Subprocess.shell(line)).communicate(null));
        assertEquals(2_000_000, result.output().length);
        assertEquals(1_000_000, result.errors().length);
        assertTrue(result.errorText().startsWith("err\nerr\n"));
    }

    @Test
    void processThatDoesNotReadItsInputEndsAnyway() throws IOException {
        ProcessResult result =
                run(() -> await(Subprocess.shell("echo ready; exit 3")).communicate(bytes(1_000_000)));
        assertEquals(3, result.exitCode());
        assertEquals("ready\n", result.outputText());
    }

    /** Asks again and again whether the process has ended. */
    @Test
    void cancelledWaitsForTheEndLeaveNothingBehind() throws IOException {
        run(() -> {
            try (Subprocess cat = await(Subprocess.exec("cat"))) {
                for (int i = 0; i < 100; i++) {
                    Task<Integer> waiting = createTask(cat.exit());
                    await(sleep(0));
                    waiting.cancel();
                    await(Asyncio.wait(List.of(waiting)));
                    assertTrue(waiting.isCancelled());
                }
                assertEquals(0, cat.exited.getNumberOfDependents());
                assertEquals("", Asyncio.getRunningLoop().describeOutstanding());
                List<Task<Integer>> all = List.of(createTask(cat.exit()), createTask(cat.exit()));
                await(sleep(0));
                cat.kill();
                assertEquals(137, await(all.get(0)));
                assertEquals(137, await(all.get(1)));
                assertEquals(137, await(cat.exit()));
            }
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> writeToTheDead() throws IOException {
        Subprocess dead = await(Subprocess.exec("true"));
        await(dead.exit());
        BrokenPipeException broken =
                await(Blocks.raised(BrokenPipeException.class, dead.stdin().write(bytes(10_000))));
        assertEquals(
                "broken pipe: nobody reads the standard input of process " + dead.pid()
                        + " any more, because the process has closed it or has ended",
                broken.getMessage());
        return Coroutine.done();
    }

    @Test
    void writingToAProcessThatHasEndedFails() throws IOException {
        run(SubprocessIT::writeToTheDead);
    }

    /** The writer waits, and goes on once the process reads. */
    @Async
    private static Coroutine<Void> fillAPipe() throws IOException {
        Subprocess slow = await(Subprocess.shell("read word; sleep 0.05; wc -c"));
        Task<Void> writing = createTask(slow.stdin().write(("go\n" + "x".repeat(1_000_000)).getBytes(UTF_8)));
        await(sleep(0));
        await(sleep(0));
        assertFalse(writing.isDone());
        await(writing);
        await(slow.stdin().shutdownOutput());
        assertEquals("1000000", await(slow.stdout().readLine()).trim());
        assertEquals(0, await(slow.exit()));
        return Coroutine.done();
    }

    @Test
    void fullPipeHoldsBackTheWriter() throws IOException {
        run(fillAPipe());
    }

    @Async
    private static Coroutine<Void> cancelReads() throws IOException {
        Subprocess cat = await(Subprocess.exec("cat"));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            Task<String> reading = createTask(cat.stdout().readLine());
            await(sleep(0));
            await(cat.stdin().write((i + "\n").getBytes(UTF_8)));
            for (int turn = 0; turn < i % 7; turn++) {
                await(sleep(0));
            }
            if (reading.cancel()) {
                await(Blocks.raised(CancelledError.class, reading));
            } else {
                all.append(reading.result()).append('\n');
            }
        }
        await(cat.stdin().shutdownOutput());
        all.append(new String(await(cat.stdout().readAll(10_000)), UTF_8));
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            expected.append(i).append('\n');
        }
        assertEquals(expected.toString(), all.toString());
        return Coroutine.done();
    }

    @Test
    void cancelledReadsLoseNoByte() throws IOException {
        run(cancelReads());
    }

    @Async
    private static Coroutine<Void> readAfterTheEnd() throws IOException {
        Subprocess process = await(Subprocess.shell("echo first; echo second; echo third"));
        assertEquals(0, await(process.exit()));
        ReadStream output = process.stdout();
        assertEquals("first", await(output.readLine()));
        ByteBuffer small = ByteBuffer.allocate(3);
        assertEquals(3, await(output.read(small)));
        assertEquals("sec", new String(small.array(), UTF_8));
        assertEquals("ond\nthird\n", new String(await(output.readAll(100)), UTF_8));
        assertEquals(-1, await(output.read(ByteBuffer.allocate(1))));
        return Coroutine.done();
    }

    @Test
    void outputCanBeReadAfterTheEnd() throws IOException {
        run(readAfterTheEnd());
    }

    @Async
    private static Coroutine<Void> errorsOfStreams() throws IOException {
        SubprocessOptions options = SubprocessOptions.DEFAULT.withLimit(10);
        Subprocess process = await(Subprocess.shell(options, "echo a line that is too long"));
        LimitExceededException limit = await(
                Blocks.raised(LimitExceededException.class, process.stdout().readLine()));
        assertEquals(10, limit.limit());
        IncompleteReadException incomplete = await(
                Blocks.raised(IncompleteReadException.class, process.stdout().readExactly(100)));
        assertEquals("a line that is too long\n", new String(incomplete.partial(), UTF_8));
        return Coroutine.done();
    }

    @Test
    void limitsHoldForPipes() throws IOException {
        run(SubprocessIT::errorsOfStreams);
    }

    // The end

    @Async
    private static Coroutine<Void> exits() throws IOException {
        Subprocess process = await(Subprocess.shell("exit 7"));
        assertEquals(List.of(7, 7, 7), await(gather(process.exit(), process.exit(), process.exit())));
        assertEquals(7, await(process.exit()));
        process.kill();
        process.terminate();
        Subprocess sleeper = await(Subprocess.exec("sleep", "100"));
        Task<Integer> one = createTask(sleeper.exit());
        Task<Integer> two = createTask(sleeper.exit());
        await(sleep(0));
        one.cancel();
        await(sleep(0));
        assertFalse(two.isDone());
        sleeper.terminate();
        assertEquals(143, await(two));
        Subprocess killed = await(Subprocess.exec("sleep", "100"));
        killed.kill();
        assertEquals(137, await(killed.exit()));
        return Coroutine.done();
    }

    @Test
    void manyAwaitTheExit() throws IOException {
        run(exits());
    }

    /** What it says on its way out is not lost. */
    @Async
    private static Coroutine<Void> terminateWithAnAnswer() throws IOException {
        Subprocess process =
                await(Subprocess.shell("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.01; done"));
        assertEquals("ready", await(process.stdout().readLine()));
        process.terminate();
        ProcessResult result = await(process.communicate(null));
        assertEquals("bye\n", result.outputText());
        assertEquals(5, result.exitCode());
        return Coroutine.done();
    }

    @Test
    void terminatedProcessMayAnswer() throws IOException {
        run(terminateWithAnAnswer());
    }

    @Async
    private static Coroutine<Long> timeOut() throws IOException {
        Subprocess process = await(Subprocess.exec("sleep", "1000"));
        await(Blocks.raised(TimeoutException.class, waitFor(process.communicate(null), Duration.ofMillis(20))));
        assertEquals(137, await(process.exit()));
        return Coroutine.of(process.pid());
    }

    @Test
    void timeOutOfCommunicateKills() throws IOException {
        assertFalse(lives(run(timeOut())));
    }

    @Async
    private static Coroutine<Long> leave() throws IOException {
        return Coroutine.of(await(Subprocess.exec("sleep", "1000")).pid());
    }

    @Test
    void processThatIsLeftOpenIsKilledWithTheLoop() throws Exception {
        awaitEnd(run(leave()));
    }

    @Async
    private static Coroutine<Void> closeInTheMiddle() throws Exception {
        Subprocess process = await(Subprocess.exec("cat"));
        Task<String> reading = createTask(process.stdout().readLine());
        Task<Void> writing = createTask(process.stdin().write(bytes(5_000_000)));
        await(sleep(0));
        await(sleep(0));
        process.close();
        process.close();
        await(Blocks.raised(IOException.class, reading));
        await(Blocks.raised(IOException.class, writing));
        assertEquals(137, await(process.exit()));
        return Coroutine.done();
    }

    @Test
    void closingKillsAndEndsTheOperations() throws Exception {
        run(SubprocessIT::closeInTheMiddle);
    }

    // Options

    @Async
    private Coroutine<String> output(SubprocessOptions options, String line) throws IOException {
        return Coroutine.of(
                await(await(Subprocess.shell(options, line)).communicate(null)).outputText());
    }

    @Test
    void directoryAndEnvironment() throws IOException {
        SubprocessOptions options = SubprocessOptions.DEFAULT.withDirectory(directory);
        assertEquals(directory.toRealPath() + "\n", run(output(options, "pwd -P")));
        assertEquals("7\n", run(output(options.withVariable("HEDDLE_X", "7"), "echo $HEDDLE_X")));
        assertEquals("only\n", run(output(options.withEnvironment(Map.of("X", "only")), "echo $X$HOME")));
    }

    @Test
    void redirects() throws IOException {
        Path in = Files.writeString(directory.resolve("in"), "from a file\n");
        Path out = directory.resolve("out");
        SubprocessOptions toFile =
                SubprocessOptions.DEFAULT.withStdin(Redirect.from(in.toFile())).withStdout(Redirect.to(out.toFile()));
        assertEquals("", run(output(toFile, "cat")));
        assertEquals("from a file\n", Files.readString(out));
        run(output(toFile.withStdout(Redirect.appendTo(out.toFile())), "cat"));
        assertEquals("from a file\nfrom a file\n", Files.readString(out));
        assertEquals("", run(output(SubprocessOptions.DEFAULT.withStdout(Redirect.DISCARD), "echo lost")));
        assertEquals("", run(output(SubprocessOptions.DEFAULT.withStdin(Redirect.DISCARD), "cat")));
        assertEquals("1\n2\n", run(output(SubprocessOptions.DEFAULT.withMergedErrors(), "echo 1; echo 2 >&2")));
    }

    @Async
    private static Coroutine<Void> noPipes() throws IOException {
        SubprocessOptions none = SubprocessOptions.DEFAULT
                .withStdin(Redirect.DISCARD)
                .withStdout(Redirect.DISCARD)
                .withMergedErrors();
        Subprocess process = await(Subprocess.exec(none, "true"));
        for (Executable each : List.<Executable>of(process::stdin, process::stdout, process::stderr)) {
            assertTrue(
                    assertThrows(IllegalStateException.class, each).getMessage().contains("is no pipe; Redirect.PIPE"));
        }
        assertEquals(new ProcessResult(0, new byte[0], new byte[0]), await(process.communicate(null)));
        return Coroutine.done();
    }

    @Test
    void streamsThatAreNoPipesAreRefused() throws IOException {
        run(noPipes());
    }

    // Virtual time

    /** A pending exit, or read, holds the clock: the time-out of an hour does not come first. */
    @Test
    void virtualTimeWaitsForAProcess() throws IOException {
        for (String line : List.of("sleep 0.05", "read x; sleep 0.05; echo done")) {
            try (EventLoop loop = EventLoop.virtualTime()) {
                ProcessResult result = loop.runUntilComplete(() -> waitFor(
                        await(Subprocess.shell(line)).communicate("go\n".getBytes(UTF_8)), Duration.ofHours(1)));
                assertEquals(0, result.exitCode());
                assertTrue(loop.time() < 60, "at " + loop.time());
            }
            try (EventLoop loop = EventLoop.virtualTime()) {
                SubprocessOptions none = SubprocessOptions.DEFAULT.withStdin(Redirect.DISCARD);
                loop.runUntilComplete(
                        () -> waitFor(await(Subprocess.shell(none, line)).exit(), Duration.ofHours(1)));
                assertTrue(loop.time() < 60, "at " + loop.time());
            }
        }
    }

    // Hostile: everything at every moment

    @Async
    private static Coroutine<Void> session(List<Subprocess> started) throws IOException {
        Subprocess process = await(Subprocess.shell("cat; echo err >&2; yes | head -c 100000"));
        started.add(process);
        try (process) {
            await(process.stdin().write(bytes(200)));
            await(process.stdin().shutdownOutput());
            await(process.stdout().readExactly(200));
            assertEquals("err", await(process.stderr().readLine()));
            await(process.stdout().readAll(1_000_000));
            assertEquals(0, await(process.exit()));
        }
        return Coroutine.done();
    }

    /** Cancels a session after each number of turns, until it ends before. Returns the number. */
    @Async
    private static Coroutine<Integer> cancelAtEachTurn() throws Exception {
        for (int turns = 0; ; turns++) {
            List<Subprocess> started = new ArrayList<>();
            Task<Void> task = createTask(session(started));
            for (int turn = 0; turn < turns && !task.isDone(); turn++) {
                await(sleep(0.0005));
            }
            if (!task.cancel()) {
                await(task);
                return Coroutine.of(turns);
            }
            await(Blocks.raised(CancelledError.class, task));
            for (Subprocess each : started) {
                await(waitFor(each.exit(), LONG));
            }
        }
    }

    @Test
    void cancellationAtEachMomentLeavesNothingBehind() throws Exception {
        int before = Descriptors.pipes();
        assertTrue(run(SubprocessIT::cancelAtEachTurn) > 1);
        assertNoChildren();
        assertDescriptors(before);
    }

    /** A process that is killed while this program reads, writes, or waits for it. */
    @Async
    private static Coroutine<Void> killAtEachStep() throws Exception {
        for (int step = 0; step < 6; step++) {
            Subprocess process = await(Subprocess.shell("cat; exec sleep 1000"));
            if (step > 0) {
                await(process.stdin().write(bytes(100)));
            }
            if (step > 1) {
                await(process.stdout().readExactly(100));
            }
            if (step > 2) {
                await(process.stdin().shutdownOutput());
            }
            Task<ProcessResult> ending = createTask(process.communicate(null));
            if (step > 3) {
                await(sleep(0.002));
            }
            if (step > 4) {
                process.terminate();
            }
            process.kill();
            int code = await(waitFor(ending, LONG)).exitCode();
            assertTrue(code == 137 || (step > 4 && code == 143), "step " + step + ": " + code);
        }
        return Coroutine.done();
    }

    @Test
    void processMayBeKilledAtEachStep() throws Exception {
        run(SubprocessIT::killAtEachStep);
        assertNoChildren();
    }

    @Async
    private static Coroutine<Void> many() throws IOException {
        for (int round = 0; round < 3; round++) {
            List<Coroutine<ProcessResult>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                Subprocess process = await(Subprocess.shell("cat; exit " + number));
                all.add(process.communicate(bytes(number * 1000)));
            }
            int number = 0;
            for (ProcessResult each : await(gather(all))) {
                assertEquals(number, each.exitCode());
                assertArrayEquals(bytes(number * 1000), each.output());
                number++;
            }
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    0, await(await(Subprocess.shell("echo nobody reads this")).exit()));
        }
        return Coroutine.done();
    }

    /** The loop stays open while the descriptors are counted. */
    @Test
    void manyProcessesLeaveNoDescriptorBehind() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            loop.runUntilComplete(() -> await(Subprocess.exec("true")).communicate(null));
            int before = Descriptors.pipes();
            loop.runUntilComplete(SubprocessIT::many);
            awaitDescriptors(loop, before);
        }
        assertNoChildren();
    }

    /** Runs {@code loop} until there are not more than {@code count} descriptors: threads that copy may take a moment, and each poll frees what was closed. */
    private static void awaitDescriptors(EventLoop loop, int count) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (Descriptors.pipes() > count) {
            assertTrue(System.nanoTime() < end, () -> "descriptors are left behind");
            loop.runUntilComplete(() -> Coroutine.of(await(sleep(0.001))));
        }
    }

    @Async
    private static Coroutine<Long> unreadGrandchild() throws IOException {
        Subprocess process = await(Subprocess.shell("sleep 1000 & echo $!; read end"));
        String pid = await(process.stdout().readLine());
        await(process.stdin().shutdownOutput());
        await(waitFor(process.exit(), LONG));
        return Coroutine.of(Long.valueOf(pid));
    }

    /** A process that has ended costs a descriptor only for as long as somebody has its pipe. */
    @Test
    void grandchildThatEndsLeavesNoDescriptorBehind() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            loop.runUntilComplete(() -> await(Subprocess.exec("true")).communicate(null));
            int before = Descriptors.pipes();
            long pid = loop.runUntilComplete(SubprocessIT::unreadGrandchild);
            assertTrue(Descriptors.pipes() > before);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            awaitDescriptors(loop, before);
        }
    }

    @Async
    private static Coroutine<Void> readerOfAnEndingProcess() throws Exception {
        Subprocess process = await(Subprocess.shell("read go; sleep 1000 & echo $!"));
        Task<String> line = createTask(process.stdout().readLine());
        await(sleep(0));
        await(process.stdin().write("go\n".getBytes(UTF_8)));
        awaitEnd(process.pid()); // while the loop waits, so that it learns of the end and of the line at once
        long pid = Long.parseLong(await(waitFor(line, LONG)));
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        return Coroutine.done();
    }

    @Test
    void endOfTheProcessTakesNothingFromAReader() throws Exception {
        run(SubprocessIT::readerOfAnEndingProcess);
    }

    @Async
    private static Coroutine<String> grandchild() throws IOException {
        Subprocess process = await(Subprocess.shell("sleep 1000 & echo $!; read end"));
        String pid = await(process.stdout().readLine());
        await(process.stdin().shutdownOutput());
        assertEquals(1, await(waitFor(process.exit(), LONG))); // of read, at the end of its input
        Task<byte[]> reading = createTask(process.stdout().readAll(10));
        await(sleep(0.002));
        assertFalse(reading.isDone());
        process.close();
        await(Blocks.raised(IOException.class, reading));
        return Coroutine.of(pid);
    }

    /** The pipe stays open, but neither the exit nor closing has to wait for that. */
    @Test
    void grandchildMayKeepThePipe() throws Exception {
        int before = threads();
        long pid = Long.parseLong(run(grandchild()));
        assertTrue(lives(pid));
        if (pipes == Pipes.NAMED) {
            assertEquals(before, threads());
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        awaitEnd(pid);
        awaitThreads(before);
    }

    private static int threads() {
        return (int) Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(element -> element.getClassName().startsWith(PipeThreads.class.getName())))
                .count();
    }

    private static void awaitThreads(int count) throws InterruptedException {
        while (threads() > count) {
            Thread.onSpinWait();
        }
    }

    /** Threads that copy may take a moment to close their ends. */
    private static void assertDescriptors(int most) throws Exception {
        long end = System.nanoTime() + LONG.toNanos();
        while (Descriptors.pipes() > most && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertTrue(Descriptors.pipes() <= most, Descriptors.pipes() + " pipes instead of " + most);
    }

    private static void assertNoChildren() throws Exception {
        for (ProcessHandle each : ProcessHandle.current().children().toList()) {
            if (each.info().command().orElse("").matches(".*/(cat|sh|dash|sleep|true|yes|head)")) {
                awaitEnd(each.pid());
            }
        }
    }
}

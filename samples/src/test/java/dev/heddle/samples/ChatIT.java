package dev.heddle.samples;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.net.Connection;
import dev.heddle.net.Net;
import dev.heddle.net.Server;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ChatIT {

    @Test
    void twoPeopleTalk() throws Exception {
        run(talk());
    }

    @Async
    private static Coroutine<Void> talk() throws IOException {
        try (Server server = await(Chat.open(0));
                Connection ann = await(Net.connect(server.localAddress()));
                Connection bob = await(Net.connect(server.localAddress()))) {
            await(ann.write("ann\n"));
            assertEquals("Your name? ann joins", await(ann.readLine()));
            await(bob.write("\nann\nbob\r\n")); // the first two are refused
            assertEquals("Your name? Your name? Your name? bob joins", await(bob.readLine()));
            assertEquals("bob joins", await(ann.readLine()));
            await(ann.write("hello, b\u00f6b\n"));
            assertEquals("ann: hello, b\u00f6b", await(bob.readLine()));
            assertEquals("ann: hello, b\u00f6b", await(ann.readLine()));
            await(bob.shutdownOutput());
            assertEquals("bob leaves", await(ann.readLine()));
            assertEquals(null, await(bob.readLine()));
        }
        return Coroutine.done();
    }

    @Test
    void someoneWhoDoesNotReadStallsNobody() throws Exception {
        run(talkMuch());
    }

    @Async
    private static Coroutine<Void> talkMuch() throws IOException {
        String line = "x".repeat(20_000);
        try (Server server = await(Chat.open(0));
                Connection deaf = await(Net.connect(server.localAddress()));
                Connection ann = await(Net.connect(server.localAddress()))) {
            await(deaf.write("deaf\n"));
            assertEquals("Your name? deaf joins", await(deaf.readLine()));
            await(ann.write("ann\n"));
            assertEquals("Your name? ann joins", await(ann.readLine()));
            for (int i = 0; i < 800; i++) { // 16 MB, more than the buffers of the system take
                await(ann.write(line + "\n"));
                assertEquals("ann: " + line, await(ann.readLine()));
            }
            deaf.close();
            assertEquals("deaf leaves", await(ann.readLine()));
        }
        return Coroutine.done();
    }
}

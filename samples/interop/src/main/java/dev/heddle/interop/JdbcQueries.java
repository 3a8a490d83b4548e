// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.ensureFuture;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.timeout;
import static dev.heddle.Asyncio.toThread;

import dev.heddle.Async;
import dev.heddle.Coroutine;
import dev.heddle.TimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries the database at the JDBC URL given. JDBC blocks, so its calls run in other threads (virtual ones, if the JDK has them) while the loop goes on. A query that takes longer
 * than a second is cancelled.
 */
public final class JdbcQueries {

    private JdbcQueries() {}

    /**
     * Returns the first column of the result. One call in a thread does everything that blocks. If the task is cancelled, the database ends the query, and the connection can be
     * used again when this coroutine is done.
     */
    @Async
    static Coroutine<List<String>> query(Connection connection, String sql, String argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            var rows = ensureFuture(toThread(() -> firstColumn(statement)));
            return Coroutine.of(await(Ending.result(rows, () -> cancel(statement)), SQLException.class));
        }
    }

    @Async
    private static Coroutine<Void> cancel(PreparedStatement statement) {
        await(toThread(() -> {
            statement.cancel();
            return null;
        }));
        return Coroutine.done();
    }

    private static List<String> firstColumn(PreparedStatement statement) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Async
    private static Coroutine<Void> show(String url) throws SQLException {
        try (Connection connection = await(toThread(() -> DriverManager.getConnection(url)))) {
            System.out.println(await(query(connection, "SELECT upper(?)", "hello")));
            await(timeout(Duration.ofSeconds(1), limit -> query(connection, "SELECT pg_sleep(60), ?", "")));
        } catch (TimeoutException late) {
            System.out.println("cancelled after a second");
        }
        return Coroutine.done();
    }

    public static void main(String[] args) throws SQLException {
        run(show(args[0]));
    }
}

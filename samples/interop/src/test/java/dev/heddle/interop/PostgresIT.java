package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.createTask;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.sleep;
import static dev.heddle.Asyncio.toThread;
import static dev.heddle.testing.CoroutineAssertions.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.CancelledError;
import dev.heddle.Coroutine;
import dev.heddle.Task;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.util.PSQLException;

/** JDBC and R2DBC with a PostgreSQL of its own. */
@Tag("slow")
@Timeout(120)
class PostgresIT {

    /** A query that the test can find. */
    private static final String SLEEPING =
            "SELECT count(*)::text FROM pg_stat_activity WHERE state = 'active' AND query LIKE ? AND pid <> pg_backend_pid()";

    private static LocalServer server;

    @BeforeAll
    static void start() throws IOException {
        server = LocalServer.postgres();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/?user=postgres");
    }

    /** Waits until so many queries of other connections sleep. */
    @Async
    private static Coroutine<Void> untilSleeping(int count) throws SQLException {
        try (Connection connection = await(toThread(PostgresIT::connect))) {
            while (!await(JdbcQueries.query(connection, SLEEPING, "%pg_sleep%")).equals(List.of("" + count))) {
                await(sleep(0.001));
            }
        }
        return Coroutine.done();
    }

    @Nested
    class Jdbc {

        @Test
        void theRowsAreTheResult() throws SQLException {
            try (Connection connection = connect()) {
                assertEquals(
                        List.of("1 a", "2 a"),
                        run(JdbcQueries.query(
                                connection, "SELECT n || ' ' || ? FROM generate_series(1, 2) AS n", "a")));
            }
        }

        @Test
        void cancellingTheTaskEndsTheQuery() throws SQLException {
            try (Connection connection = connect()) {
                run(() -> {
                    Task<?> task = createTask(JdbcQueries.query(connection, "SELECT pg_sleep(3600), ?", "a"));
                    await(untilSleeping(1));
                    task.cancel();
                    await(assertFails(CancelledError.class, task));
                    await(untilSleeping(0));
                    assertEquals(List.of("A"), await(JdbcQueries.query(connection, "SELECT upper(?)", "a")));
                    return Coroutine.done();
                });
            }
        }

        @Test
        void failuresAreThrownAsTheyAre() throws SQLException {
            try (Connection connection = connect()) {
                run(() -> {
                    PSQLException thrown = await(assertFails(
                            PSQLException.class, JdbcQueries.query(connection, "SELECT ? FROM missing", "a")));
                    assertEquals("42P01", thrown.getSQLState());
                    return Coroutine.done();
                });
            }
        }
    }

    @Nested
    class R2dbc {

        private final ConnectionFactory factory =
                ConnectionFactories.get("r2dbc:postgresql://postgres@127.0.0.1:" + server.port() + "/postgres");

        private void withAccounts(AsyncFunction<io.r2dbc.spi.Connection, Void> test) throws Exception {
            run(R2dbcQueries.connected(factory, connection -> {
                await(R2dbcQueries.update(
                        connection, "CREATE TEMPORARY TABLE account (name TEXT, amount INT CHECK (amount >= 0))"));
                assertEquals(
                        2,
                        await(R2dbcQueries.update(
                                connection, "INSERT INTO account VALUES ('ann', 10), ('bob', $1)", 0)));
                return test.apply(connection);
            }));
        }

        @Async
        private Coroutine<List<String>> amounts(io.r2dbc.spi.Connection connection) {
            return R2dbcQueries.query(connection, "SELECT name || amount FROM account ORDER BY name");
        }

        @Test
        void theRowsAreTheResult() throws Exception {
            withAccounts(connection -> {
                await(R2dbcQueries.move(connection, 3, "ann", "bob"));
                assertEquals(List.of("ann7", "bob3"), await(amounts(connection)));
                return Coroutine.done();
            });
        }

        @Test
        void cancellingTheTaskEndsTheQueryAndTheTransaction() throws Exception {
            withAccounts(connection -> {
                Task<?> task = createTask(R2dbcQueries.transaction(connection, open -> {
                    await(R2dbcQueries.update(open, "UPDATE account SET amount = 1"));
                    await(R2dbcQueries.query(open, "SELECT pg_sleep(3600)"));
                    return Coroutine.done();
                }));
                await(untilSleeping(1));
                task.cancel();
                await(assertFails(CancelledError.class, task));
                await(untilSleeping(0));
                assertEquals(List.of("ann10", "bob0"), await(amounts(connection)));
                return Coroutine.done();
            });
        }

        @Test
        void failuresAreThrownAsTheyAreAndEndTheTransaction() throws Exception {
            withAccounts(connection -> {
                var thrown = await(assertFails(
                        R2dbcDataIntegrityViolationException.class, R2dbcQueries.move(connection, 11, "ann", "bob")));
                assertEquals("23514", thrown.getSqlState());
                assertEquals(List.of("ann10", "bob0"), await(amounts(connection)));
                return Coroutine.done();
            });
        }
    }
}

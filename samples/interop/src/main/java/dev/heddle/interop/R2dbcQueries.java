// Copyright the Heddle authors. SPDX-License-Identifier: Apache-2.0
package dev.heddle.interop;

import static dev.heddle.Asyncio.await;
import static dev.heddle.Asyncio.run;
import static dev.heddle.Asyncio.wrapFuture;

import dev.heddle.Async;
import dev.heddle.AsyncFunction;
import dev.heddle.Coroutine;
import dev.heddle.Future;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves money in the database at the R2DBC URL given, in a transaction. R2DBC returns publishers, which Reactor turns into stages. */
public final class R2dbcQueries {

    private R2dbcQueries() {}

    /** Waits for the end of {@code publisher}. */
    @Async
    private static Coroutine<Void> end(Publisher<?> publisher) {
        await(Mono.fromDirect(publisher).then().toFuture());
        return Coroutine.done();
    }

    /** Returns the value of {@code mono}. If the task is cancelled, the database ends the statement: R2DBC alone would wait for its end before the next one. */
    @Async
    private static <T> Coroutine<T> result(Connection connection, Mono<T> mono) {
        PostgresqlConnection postgres = (PostgresqlConnection) connection;
        Future<@Nullable T> result = wrapFuture(mono.toFuture());
        T value = await(Ending.<@Nullable T>result(result, () -> end(postgres.cancelRequest())));
        return Coroutine.of(Objects.requireNonNull(value));
    }

    /** Runs a statement, and returns the number of changed rows. */
    @Async
    static Coroutine<Long> update(Connection connection, String sql, Object... arguments) {
        var statement = connection.createStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.bind(i, arguments[i]);
        }
        return result(
                connection,
                Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).reduce(0L, Long::sum));
    }

    /** Returns the first column of a result, as text. */
    @Async
    static Coroutine<List<String>> query(Connection connection, String sql) {
        return result(
                connection,
                Flux.from(connection.createStatement(sql).execute())
                        .flatMap(result -> result.map((row, columns) -> String.valueOf(row.get(0))))
                        .collectList());
    }

    /** Opens a connection, which is closed after {@code body} in any case. */
    @Async
    static <T> Coroutine<T> connected(ConnectionFactory factory, AsyncFunction<Connection, T> body) throws Exception {
        Connection connection =
                Objects.requireNonNull(await(ReactorStreams.<Connection>first(Mono.from(factory.create()))));
        try {
            return Coroutine.of(await(body.apply(connection)));
        } finally {
            await(end(connection.close()));
        }
    }

    /** Runs {@code body} in a transaction, which is undone if {@code body} fails or the task is cancelled. */
    @Async
    static <T> Coroutine<T> transaction(Connection connection, AsyncFunction<Connection, T> body) throws Exception {
        await(end(connection.beginTransaction()));
        T result;
        try {
            result = await(body.apply(connection));
        } catch (Throwable failure) {
            await(end(connection.rollbackTransaction()));
            throw failure;
        }
        await(end(connection.commitTransaction()));
        return Coroutine.of(result);
    }

    /** Moves {@code amount} from one account to the other. */
    @Async
    static Coroutine<Void> move(Connection connection, int amount, String from, String to) throws Exception {
        return transaction(connection, open -> {
            await(update(open, "UPDATE account SET amount = amount - $1 WHERE name = $2", amount, from));
            await(update(open, "UPDATE account SET amount = amount + $1 WHERE name = $2", amount, to));
            return Coroutine.done();
        });
    }

    @Async
    private static Coroutine<Void> show(Connection connection) throws Exception {
        await(update(connection, "CREATE TEMPORARY TABLE account (name TEXT, amount INT CHECK (amount >= 0))"));
        await(update(connection, "INSERT INTO account VALUES ('ann', 10), ('bob', 0)"));
        await(move(connection, 3, "ann", "bob"));
        System.out.println(await(query(connection, "SELECT name || ' has ' || amount FROM account ORDER BY name")));
        return Coroutine.done();
    }

    public static void main(String[] args) throws Exception {
        ConnectionFactory factory = ConnectionFactories.get(args[0]);
        run(connected(factory, R2dbcQueries::show));
    }
}

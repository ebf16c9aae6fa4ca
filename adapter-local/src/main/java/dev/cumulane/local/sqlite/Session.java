// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection that keeps its prepared statements. Used by one thread at a time; valid within the work it was given to. */
public final class Session {
    /**
     * Makes a value of a row.
     *
     * @param <T> the value
     */
    @FunctionalInterface
    public interface Row<T> {
        /**
         * Makes a value of the row that the results are at.
         *
         * @param row the results
         * @return the value
         * @throws SQLException if a column cannot be read
         */
        T value(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /**
     * Changes rows.
     *
     * @param sql one statement, a constant: it stays prepared
     * @param parameters for its question marks
     * @return how many rows were changed
     * @throws SQLException if none was
     */
    public int update(String sql, Object... parameters) throws SQLException {
        return with(sql, PreparedStatement::executeUpdate, parameters);
    }

    /**
     * Reads rows.
     *
     * @param <T> what a row becomes
     * @param row makes a value of each
     * @param sql one query, a constant: it stays prepared
     * @param parameters for its question marks
     * @return the values in the order of the rows
     * @throws SQLException if they cannot be read
     */
    public <T> List<T> rows(Row<T> row, String sql, Object... parameters) throws SQLException {
        return with(
                sql,
                statement -> {
                    List<T> values = new ArrayList<>();
                    try (ResultSet results = statement.executeQuery()) {
                        while (results.next()) {
                            values.add(row.value(results));
                        }
                    }
                    return values;
                },
                parameters);
    }

    /**
     * Reads the first row.
     *
     * @param <T> what it becomes
     * @param row makes a value of it
     * @param sql one query, a constant: it stays prepared
     * @param parameters for its question marks
     * @return the value, or empty if there is no row
     * @throws SQLException if it cannot be read
     */
    public <T> Optional<T> row(Row<T> row, String sql, Object... parameters) throws SQLException {
        return with(
                sql,
                statement -> {
                    try (ResultSet results = statement.executeQuery()) {
                        return results.next() ? Optional.of(row.value(results)) : Optional.empty();
                    }
                },
                parameters);
    }

    /** Runs a statement that is not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void close() throws SQLException {
        connection.close();
    }

    private <T> T with(String sql, Use<T> use, Object... parameters) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return use.of(statement);
        } catch (SQLException e) {
            // The driver does not reset a statement that failed, and would refuse it from now on.
            prepared.remove(sql);
            statement.close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }
}

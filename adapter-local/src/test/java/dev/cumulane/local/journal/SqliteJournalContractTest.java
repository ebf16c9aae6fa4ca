// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.journal;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file, the other instances being connections of their own as another process would have. */
final class SqliteJournalContractTest extends JournalContract {
    @TempDir
    private Path directory;

    private final List<SqliteJournal> opened = new ArrayList<>();

    @BeforeEach
    void open() {
        another();
    }

    @AfterEach
    void close() {
        opened.forEach(SqliteJournal::close);
    }

    @Override
    protected Journal journal() {
        return opened.get(0);
    }

    @Override
    protected Journal another() {
        SqliteJournal journal = SqliteJournal.open(directory);
        opened.add(journal);
        return journal;
    }
}

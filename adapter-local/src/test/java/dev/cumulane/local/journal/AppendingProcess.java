// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Journal.Append;
import dev.cumulane.cloud.StreamId;
import java.nio.file.Path;

/** A process of its own that appends the numbers 1 to n of a stream and prints how many of them it was that did. */
final class AppendingProcess {
    private AppendingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the state directory, the stream and n
     */
    public static void main(String[] arguments) {
        StreamId stream = new StreamId(arguments[1]);
        int appended = 0;
        try (SqliteJournal journal = SqliteJournal.open(Path.of(arguments[0]))) {
            for (int i = 1; i <= Integer.parseInt(arguments[2]); i++) {
                byte[] mine = (ProcessHandle.current().pid() + " wrote " + i).getBytes(UTF_8);
                appended += journal.append(stream, i, mine) == Append.APPENDED ? 1 : 0;
            }
        }
        System.out.println("appended " + appended);
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What can be asked about runs. An answer holds for what was recorded when the question came. */
final class Queries {
    private static final int NAMED = 5;

    private final Journal journal;
    private final Coding coding;
    private final Runs runs;

    Queries(Journal journal, Coding coding, Runs runs) {
        this.journal = journal;
        this.coding = coding;
        this.runs = runs;
    }

    /** A run as it is now. */
    Optional<RunView> find(RunId run) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().map(progress -> Views.of(progress, cell.sequence()));
        });
    }

    /** Whether a run has ended; empty if there is no such run. */
    Optional<Boolean> hasEnded(RunId run) {
        return now(run, RunProgress::hasEnded);
    }

    /** The number of a run's last record; empty if there is no such run. */
    Optional<Long> records(RunId run) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().map(progress -> cell.sequence());
        });
    }

    /** The latest runs. */
    List<RunView> list(int limit) {
        List<RunView> views = new ArrayList<>();
        for (Journal.Listed listed : journal.recent(limit)) {
            find(listed.run()).ifPresent(views::add);
        }
        return views;
    }

    /** A run's records from one on. */
    List<HistoryRecord> history(RunId run, long from) {
        List<HistoryRecord> history = new ArrayList<>();
        Stream.read(journal, StreamId.of(run), from, entry -> {
            try {
                Codec.RunRecord record = coding.runRecord(entry.bytes());
                history.add(new HistoryRecord(entry.sequence(), record.at(), record.events()));
            } catch (MalformedJsonException | NewerFormException e) {
                throw CloudException.permanent(
                        "journal",
                        "record " + entry.sequence() + " of run " + run + " cannot be read: " + e.getMessage(),
                        e);
            }
        });
        return history;
    }

    /**
     * A copy of a run's state.
     *
     * @throws IllegalArgumentException if there is no such run
     */
    RunProgress existing(RunId run) {
        return runs.copy(run).orElseThrow(() -> unknown(run));
    }

    /**
     * What a question about a run's state gives; the state may not be kept.
     *
     * @throws IllegalArgumentException if there is no such run
     */
    <T> T existing(RunId run, Function<RunProgress, T> question) {
        return now(run, question).orElseThrow(() -> unknown(run));
    }

    private <T> Optional<T> now(RunId run, Function<RunProgress, T> question) {
        return runs.read(run, cell -> {
            cell.refresh();
            return cell.progress().map(question);
        });
    }

    private IllegalArgumentException unknown(RunId run) {
        List<String> latest = journal.recent(NAMED).stream()
                .map(listed -> listed.run().value())
                .toList();
        return new IllegalArgumentException("there is no run " + run + "; the latest are: "
                + (latest.isEmpty() ? "none" : String.join(", ", latest)));
    }
}

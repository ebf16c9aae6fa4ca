// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.util.Optional;

/** What the journal says of other runs. */
final class OtherRuns implements Others {
    private static final int LATEST = 200;

    private final Journal journal;
    private final Queries queries;

    OtherRuns(Journal journal, Queries queries) {
        this.journal = journal;
        this.queries = queries;
    }

    @Override
    public boolean isRepeated(RunId run) {
        RunId next = RunIds.repetition(run, RunIds.ordinal(run) + 1);
        return !journal.read(StreamId.of(next), 1, 1).isEmpty();
    }

    @Override
    public Optional<RunView> before(RunView run) {
        Instant began = run.status().times().began().orElse(Instant.MAX);
        return journal.recent(LATEST).stream()
                .map(Journal.Listed::run)
                // The name of a run begins with its pipeline's.
                .filter(other -> other.value().startsWith(run.pipeline()) && !other.equals(run.id()))
                .flatMap(other -> queries.find(other).stream())
                .filter(other -> isOfTheSameLine(other, run))
                .filter(other ->
                        other.status().times().ended().orElse(Instant.MAX).isBefore(began))
                .findFirst();
    }

    private static boolean isOfTheSameLine(RunView one, RunView other) {
        Commit commit = one.source().commit();
        return one.pipeline().equals(other.pipeline())
                && commit.repository().equals(other.source().commit().repository())
                && commit.ref().equals(other.source().commit().ref());
    }
}

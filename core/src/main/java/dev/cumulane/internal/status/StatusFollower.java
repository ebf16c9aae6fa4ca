// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.source.Statuses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells a repository's forge the status of each run's commit. */
public final class StatusFollower implements Follower.OfState {
    /** The most stages of which each has a status of its own; a run with more has only its own. */
    static final int MOST_STAGES = 30;

    /** A telling lasts a minute at most; the last request may take a quarter of it. */
    private static final Duration LONGEST = Duration.ofSeconds(40);

    private static final int LARGEST_MEMO = 30_000;

    private final Reporting reporting;
    private final ForgeStatuses forge;

    /** What the forge was told last, by context. */
    private record Memo(SortedMap<String, String> told) {
        static Memo of(String text) {
            try {
                return text.isEmpty()
                        ? new Memo(Collections.emptySortedMap())
                        : RecordJson.read(Memo.class, text.getBytes(StandardCharsets.UTF_8), LARGEST_MEMO);
            } catch (MalformedJsonException e) {
                return new Memo(Collections.emptySortedMap());
            }
        }

        String text() {
            return new String(RecordJson.write(Memo.class, this), StandardCharsets.UTF_8);
        }
    }

    /**
     * A follower for a repository.
     *
     * @throws IllegalArgumentException if its forge has no statuses, or the API's address is not known
     */
    public StatusFollower(Reporting reporting) {
        this.reporting = reporting;
        this.forge = ForgeStatuses.of(reporting.repository());
    }

    @Override
    public String name() {
        return "status/" + reporting.repository().name();
    }

    @Override
    public boolean follows(RunView run) {
        return reporting.isAbout(run);
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        SortedMap<String, String> told = Memo.of(memo).told();
        return statuses(run).stream().anyMatch(status -> !status.content().equals(told.get(status.context())));
    }

    @Override
    public String tell(Telling what) {
        SortedMap<String, String> told = new TreeMap<>(Memo.of(what.memo()).told());
        boolean isOutdated = reporting.others().isRepeated(what.run().id());
        Instant end = reporting.now().plus(LONGEST);
        for (CommitStatus status : statuses(what.run())) {
            boolean isKnown = status.content().equals(told.get(status.context()));
            // After a repetition has begun, what this run says of the commit would be taken for the newer word.
            if (!isOutdated && (what.again() || !isKnown)) {
                if (reporting.now().isAfter(end)) {
                    throw UntoldException.because(reporting.forge() + " is slow; the rest follows")
                            .after(new Memo(told).text());
                }
                report(status, told);
            }
            told.put(status.context(), status.content());
        }
        return new Memo(told).text();
    }

    private void report(CommitStatus status, SortedMap<String, String> told) {
        ask(forge.call(status), told);
        forge.question(status)
                .flatMap(question -> forge.call(status, ask(question, told)))
                .ifPresent(call -> ask(call, told));
    }

    private Answer ask(Call call, SortedMap<String, String> told) {
        Answer answer = reporting.access().call(call);
        if (!forge.isHeard(answer)) {
            throw Refusals.of(reporting.forge(), answer, reporting.now()).after(new Memo(told).text());
        }
        return answer;
    }

    /** The stages first: who waits for the run's own word finds all of them then. */
    private List<CommitStatus> statuses(RunView run) {
        Optional<String> address = reporting.page(run);
        List<CommitStatus> statuses = new ArrayList<>();
        if (reporting.repository().statuses() == Statuses.STAGES) {
            List<StageView> stages = run.stages().stream()
                    .filter(stage -> stage.kind() != StageView.Kind.GROUP)
                    .toList();
            if (stages.size() <= MOST_STAGES) {
                stages.forEach(stage -> statuses.add(CommitStatus.of(run, stage, address)));
            }
        }
        statuses.add(CommitStatus.of(run, address));
        return statuses;
    }
}

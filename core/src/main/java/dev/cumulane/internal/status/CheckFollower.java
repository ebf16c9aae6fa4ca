// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.run.RunView;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Keeps a check run of GitHub for each run of a repository, with an annotation for each failed test whose place is known. Only a GitHub App may write check runs.
 *
 * <p>A check run carries the run's id, so that it is found again when the answer to its creation was lost; and it knows how many annotations it has, so that none is added
 * twice.
 */
public final class CheckFollower implements Follower.OfState {
    private static final int LARGEST_MEMO = 2_000;

    private final Reporting reporting;
    private final CheckRuns checks;

    /**
     * What is remembered of a run's check run.
     *
     * @param id its id; 0 before it was created
     * @param content what it shows
     * @param annotated how many annotations it has
     */
    private record Memo(long id, String content, int annotated) {
        private static final Memo NONE = new Memo(0, "", 0);

        static Memo of(String text) {
            try {
                return text.isEmpty()
                        ? NONE
                        : RecordJson.read(Memo.class, text.getBytes(StandardCharsets.UTF_8), LARGEST_MEMO);
            } catch (MalformedJsonException e) {
                return NONE;
            }
        }

        String text() {
            return new String(RecordJson.write(Memo.class, this), StandardCharsets.UTF_8);
        }
    }

    /** A follower for a repository on GitHub whose credential is that of an app. */
    public CheckFollower(Reporting reporting) {
        this.reporting = reporting;
        this.checks = CheckRuns.of(reporting.repository());
    }

    @Override
    public String name() {
        return "checks/" + reporting.repository().name();
    }

    @Override
    public boolean follows(RunView run) {
        return reporting.isAbout(run);
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        Memo known = Memo.of(memo);
        return !known.content().equals(content(run)) || known.annotated() < CheckRuns.annotations(run);
    }

    private static String content(RunView run) {
        return Standing.of(run) + " " + Descriptions.of(run);
    }

    @Override
    public String tell(Telling what) {
        RunView run = what.run();
        Memo memo = Memo.of(what.memo());
        if (memo.id() == 0 && reporting.others().isRepeated(run.id())) {
            return new Memo(0, content(run), CheckRuns.annotations(run)).text();
        }
        try {
            if (memo.id() == 0) {
                memo = created(what);
            }
            if (what.again()) {
                memo = new Memo(memo.id(), "", annotated(memo.id()));
            }
            // A check run takes 50 annotations at a time, and adds them to those it has.
            while (!memo.content().equals(content(run)) || memo.annotated() < CheckRuns.annotations(run)) {
                ask(checks.update(memo.id(), run, reporting.page(run), memo.annotated()));
                int annotated = Math.min(CheckRuns.annotations(run), memo.annotated() + CheckRuns.MOST_ANNOTATIONS);
                memo = new Memo(memo.id(), content(run), Math.max(memo.annotated(), annotated));
            }
            return memo.text();
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e).after(memo.text());
        } catch (UntoldException e) {
            throw e.after(memo.text());
        }
    }

    private Memo created(Telling what) {
        RunView run = what.run();
        Optional<Long> there = what.again() ? CheckRuns.found(run, ask(checks.find(run))) : Optional.empty();
        if (there.isPresent()) {
            return new Memo(there.get(), "", annotated(there.get()));
        }
        long id =
                Json.of(ask(checks.create(run, reporting.page(run)))).path("id").asLong();
        int annotated = Math.min(CheckRuns.annotations(run), CheckRuns.MOST_ANNOTATIONS);
        return new Memo(id, content(run), annotated);
    }

    private int annotated(long id) {
        return Json.of(ask(checks.read(id)))
                .path("output")
                .path("annotations_count")
                .asInt();
    }

    private Answer ask(Call call) {
        Answer answer = reporting.access().call(call);
        if (!answer.isSuccess()) {
            throw Refusals.of(reporting.forge(), answer, reporting.now());
        }
        return answer;
    }
}

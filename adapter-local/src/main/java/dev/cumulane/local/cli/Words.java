// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.VoteRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What states, outcomes and causes are called in front of people. */
final class Words {
    private Words() {}

    static String outcome(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> "succeeded";
            case FAILURE -> "failed";
            case ERROR -> "error";
            case TIMEOUT -> "timed out";
            case CANCELLATION -> "cancelled";
            case SKIP -> "skipped";
        };
    }

    /** How a run stands, in a word or two. */
    static String standing(RunView run) {
        return run.outcome().map(Words::outcome).orElseGet(() -> switch (run.status()
                .state()) {
            case PENDING -> "pending";
            case EXECUTING -> "running";
            case WAITING -> "waiting";
            case FINALIZING -> "finishing";
            case FINISHED -> "finished";
        });
    }

    static String refusal(VoteRefusal why) {
        return switch (why) {
            case NOT_AN_APPROVER -> "the approval does not name this person";
            case OWN_REQUEST -> "nobody decides on what they asked for themselves";
            case WITHOUT_COMMENT -> "it has no comment that says why";
            case ANOTHER_SUBJECT -> "it is for something else than what is to be decided";
            case TOO_LATE -> "it came after the approval had expired";
        };
    }

    static String cause(Cause cause) {
        return switch (cause) {
            case COMPLETED -> "";
            case COMMAND_FAILED -> "a command failed";
            case TESTS_FAILED -> "tests failed";
            case FUNCTION_FAILED -> "the function said no";
            case OUTPUT_MISSING -> "an artifact or a value was not written";
            case OUTPUT_REFUSED -> "an artifact or a value cannot be kept";
            case REJECTED -> "rejected";
            case UNHEALTHY -> "not healthy, rolled back";
            case TIMED_OUT -> "the time limit passed";
            case EXPIRED -> "nobody decided in time";
            case CANCELLED -> "cancelled";
            case CHILD_FAILED -> "the pipeline that it runs failed";
            case CHILD_ERROR -> "the pipeline that it runs is in error";
            case SUPERSEDED -> "a newer run took its place";
            case GROUP_FULL -> "too many runs wait for their turn";
            case LOST_WORKER -> "its worker was lost";
            case REFUSED -> "the work was not started";
            case MISSING_TOOL -> "a tool is missing";
            case CHECKOUT_FAILED -> "the commit could not be checked out";
            case INPUT_CORRUPT -> "an input is missing or damaged";
            case DEPLOYMENT_FAILED -> "the deployment could not be carried out";
            case INTERNAL -> "an internal error";
            case TOO_MANY_ITEMS -> "the list has too many items";
            case TOO_FEW_SUCCEEDED -> "too few of its members succeeded";
            case NEEDS_UNMET -> "a stage that it needs did not succeed";
            case CONDITION_UNMET -> "its condition was not true";
            case NOT_NEEDED -> "not needed";
            case SKIPPED -> "skipped by a person";
        };
    }

    /** Why it ended so, and what its reports say; empty for a success without reports. */
    static String verdict(Verdict verdict) {
        List<String> parts = new ArrayList<>();
        verdict.tests().ifPresent(tests -> parts.add(tests(tests)));
        if (verdict.cause() != Cause.TESTS_FAILED || verdict.tests().isEmpty()) {
            String detail = Text.clean(verdict.detail()).strip();
            parts.add(detail.isEmpty() ? cause(verdict.cause()) : detail);
        }
        verdict.address().ifPresent(address -> parts.add(Text.clean(address)));
        parts.removeIf(String::isEmpty);
        return String.join("; ", parts);
    }

    static String tests(TestSummary tests) {
        return Text.count(tests.total(), "test")
                + (tests.failed() > 0 ? ", " + tests.failed() + " failed" : "")
                + (tests.skipped() > 0 ? ", " + tests.skipped() + " skipped" : "");
    }

    static String commit(Commit commit) {
        return "commit " + Text.brief(commit.id()) + (commit.ref().isEmpty() ? "" : " on " + Text.ref(commit.ref()));
    }

    /** Who may decide: {@code ada or grace}, {@code ada and grace}, {@code 2 of ada, bo, grace}. */
    static String approvers(Approvers approvers) {
        List<String> names = approvers.anyOf();
        if (approvers.quorum() == 1) {
            return listed(names, "or");
        }
        if (approvers.quorum() == names.size()) {
            return listed(names, "and");
        }
        return approvers.quorum() + " of " + String.join(", ", names);
    }

    private static String listed(List<String> names, String joint) {
        int last = names.size() - 1;
        return last == 0
                ? names.get(0)
                : String.join(", ", names.subList(0, last)) + " " + joint + " " + names.get(last);
    }

    /** How long it took, or has taken by now. */
    static Optional<Duration> took(StageView.Times times, Instant now) {
        return times.began().map(began -> Duration.between(began, times.ended().orElse(now)));
    }
}

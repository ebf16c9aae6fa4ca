// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** Why something ended as it did, in a word a program can act on. */
public enum Cause {
    /** It went to its end and said yes. */
    COMPLETED(Outcome.SUCCESS),
    /** A command ended with another exit code than 0. */
    COMMAND_FAILED(Outcome.FAILURE),
    /** The commands ended well, but a report names failed tests. */
    TESTS_FAILED(Outcome.FAILURE),
    /** The function stage returned a failure. */
    FUNCTION_FAILED(Outcome.FAILURE),
    /** A declared output is not there. */
    OUTPUT_MISSING(Outcome.FAILURE),
    /** An output or report cannot be kept: too large, or with links or names that are refused. */
    OUTPUT_REFUSED(Outcome.FAILURE),
    /** The pipeline that it runs failed. */
    CHILD_FAILED(Outcome.FAILURE),
    /** The list for whose items it runs has more of them than it bears. */
    TOO_MANY_ITEMS(Outcome.FAILURE),
    /** A person rejected it. */
    REJECTED(Outcome.FAILURE),
    /** The deployed thing was not healthy; the environment was given back its last good release. */
    UNHEALTHY(Outcome.FAILURE),
    /** The time limit passed. */
    TIMED_OUT(Outcome.TIMEOUT),
    /** Nobody decided before the approval expired. */
    EXPIRED(Outcome.TIMEOUT),
    /** Somebody cancelled the run. */
    CANCELLED(Outcome.CANCELLATION),
    /** A newer run of its group took its place. */
    SUPERSEDED(Outcome.CANCELLATION),
    /** Its group took no more runs. */
    GROUP_FULL(Outcome.CANCELLATION),
    /** The worker ended and left no result. */
    LOST_WORKER(Outcome.ERROR),
    /** The service refused to start the work. */
    REFUSED(Outcome.ERROR),
    /** A tool that the work order needs is not on the worker. */
    MISSING_TOOL(Outcome.ERROR),
    /** The commit could not be checked out. */
    CHECKOUT_FAILED(Outcome.ERROR),
    /** An input is missing, or its bytes are not those its digest names. */
    INPUT_CORRUPT(Outcome.ERROR),
    /** The deployment could not be carried out, nor its state found out. */
    DEPLOYMENT_FAILED(Outcome.ERROR),
    /** What became of the pipeline that it runs could not be found out. */
    CHILD_ERROR(Outcome.ERROR),
    /** Something of ours failed. */
    INTERNAL(Outcome.ERROR),
    /** Too few of the stages of a group succeeded. */
    TOO_FEW_SUCCEEDED(Outcome.FAILURE),
    /** A stage that it needs did not succeed. */
    NEEDS_UNMET(Outcome.SKIP),
    /** Its condition was not true, or it reads what a stage was to write whose condition was not true. */
    CONDITION_UNMET(Outcome.SKIP),
    /** What it was there for did not come up: nothing failed, or enough others had succeeded already. */
    NOT_NEEDED(Outcome.SKIP),
    /** A person skipped it, or it reads what a stage was to write that a person skipped. */
    SKIPPED(Outcome.SKIP);

    private final Outcome outcome;

    Cause(Outcome outcome) {
        this.outcome = outcome;
    }

    /**
     * The outcome that this cause leads to.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Whether what only comes after something with this cause goes on: it succeeded, or it was left out and nothing is missing.
     *
     * @return true for a success and for a skip that no failure led to
     */
    public boolean letsOthersGoOn() {
        return outcome == Outcome.SUCCESS || (outcome == Outcome.SKIP && this != NEEDS_UNMET);
    }
}

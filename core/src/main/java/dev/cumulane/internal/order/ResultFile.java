// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Verdict;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code result.json} says: how an attempt ended. Whoever creates it first is right.
 *
 * @param attempt the attempt
 * @param token who wrote it: the claim's token, or {@value #ENGINE} if the engine did
 * @param verdict the cause, the detail and the artifacts; tests are read from the reports, so there are none here
 * @param failedStep the step that ended with another exit code than 0, if that is the cause
 * @param reports the archive of the test reports, if there were any
 * @param times when the work began and ended by the worker's clock, if a worker wrote it
 */
public record ResultFile(
        AttemptId attempt,
        String token,
        Verdict verdict,
        Optional<FailedStep> failedStep,
        Optional<Reports> reports,
        Optional<Times> times) {
    /** The token of a result that the engine wrote. */
    public static final String ENGINE = "engine";

    /** The largest result that is read, in bytes. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final int MOST_ARTIFACTS = 1000;

    /** What no attempt ends with: people and other stages decide these. */
    private static final Set<Cause> NOT_OF_AN_ATTEMPT = EnumSet.of(Cause.REJECTED, Cause.EXPIRED, Cause.NEEDS_UNMET);

    /** Refuses what the JSON form could not carry back: odd tokens, tests, and artifacts of a failure. */
    public ResultFile {
        if (!token.matches("[A-Za-z0-9:._-]{1,200}")) {
            throw new IllegalArgumentException("not a claim's token: '" + ShellText.shown(token) + "'");
        }
        if (verdict.tests().isPresent()) {
            throw new IllegalArgumentException(
                    "a result names its reports; the summary of the tests is made from them");
        }
        if (NOT_OF_AN_ATTEMPT.contains(verdict.cause())) {
            throw new IllegalArgumentException("an attempt does not end with " + verdict.cause());
        }
        if (verdict.artifacts().size() > MOST_ARTIFACTS) {
            throw new IllegalArgumentException(
                    verdict.artifacts().size() + " artifacts are more than " + MOST_ARTIFACTS);
        }
        Set<String> names = new HashSet<>();
        for (Produced artifact : verdict.artifacts()) {
            if (!names.add(BuildOrder.checkName("artifact", artifact.name()))) {
                throw new IllegalArgumentException("artifact " + artifact.name() + " is named twice");
            }
        }
        if (verdict.cause() != Cause.COMPLETED && !names.isEmpty()) {
            throw new IllegalArgumentException(
                    "an attempt that ended with " + verdict.cause() + " leaves no artifacts");
        }
    }

    /**
     * The step that failed.
     *
     * @param number from 1
     * @param exitCode from 1 to 255
     */
    public record FailedStep(int number, int exitCode) {
        /** Refuses numbers out of range. */
        public FailedStep {
            if (number < 1 || exitCode < 1 || exitCode > 255) {
                throw new IllegalArgumentException(
                        "step " + number + " with exit code " + exitCode + " is no failed step");
            }
        }
    }

    /**
     * The archive of the test reports.
     *
     * @param digest its sha-256
     * @param size its size in bytes
     */
    public record Reports(Digest digest, long size) {
        /** Refuses a negative size. */
        public Reports {
            if (size < 0) {
                throw new IllegalArgumentException("size " + size + " of the reports is negative");
            }
        }
    }

    /**
     * The worker's own times, in whole seconds.
     *
     * @param startedAt after the claim's order began
     * @param finishedAt before the result was written
     */
    public record Times(Instant startedAt, Instant finishedAt) {}

    /**
     * The result that the engine writes for a worker that is gone.
     *
     * @param attempt the attempt
     * @param detail one line for people
     * @return the bytes to create the result with
     */
    public static byte[] lost(AttemptId attempt, String detail) {
        return written(attempt, Verdict.of(Cause.LOST_WORKER, detail));
    }

    /**
     * A result that the engine writes.
     *
     * @param attempt the attempt
     * @param verdict how it ended, without tests
     * @return the bytes to create the result with; equal arguments give equal bytes
     */
    public static byte[] written(AttemptId attempt, Verdict verdict) {
        return new ResultFile(attempt, ENGINE, verdict, Optional.empty(), Optional.empty(), Optional.empty()).bytes();
    }

    /**
     * The result as JSON.
     *
     * @return UTF-8 bytes
     */
    public byte[] bytes() {
        ObjectNode json = OrderJson.object()
                .put("format", 1)
                .put("attempt", attempt.key())
                .put("token", token)
                .put("cause", verdict.cause().name())
                .put("detail", verdict.detail());
        failedStep.ifPresent(step -> json.put("step", step.number()).put("exitCode", step.exitCode()));
        ArrayNode artifacts = json.putArray("artifacts");
        for (Produced artifact : verdict.artifacts()) {
            artifacts
                    .addObject()
                    .put("name", artifact.name())
                    .put("digest", artifact.digest().hex())
                    .put("size", artifact.size());
        }
        reports.ifPresent(kept ->
                json.putObject("reports").put("digest", kept.digest().hex()).put("size", kept.size()));
        verdict.address().ifPresent(address -> json.put("address", address));
        times.ifPresent(both -> json.put("startedAt", both.startedAt().getEpochSecond())
                .put("finishedAt", both.finishedAt().getEpochSecond()));
        return OrderJson.bytes(json);
    }

    /**
     * Reads a result of this attempt.
     *
     * @param attempt the attempt whose result was read
     * @param bytes what the key held; a worker may have written anything
     * @return the result
     * @throws RefusedInputException if it is no result, or that of another attempt
     */
    public static ResultFile parse(AttemptId attempt, byte[] bytes) throws RefusedInputException {
        OrderJson json = OrderJson.parse("the result of attempt " + attempt, bytes, MOST_BYTES);
        if (!json.text("attempt").equals(attempt.key())) {
            throw new RefusedInputException("the result of attempt " + attempt + " names attempt '"
                    + ShellText.shown(json.text("attempt")) + "'");
        }
        List<Produced> artifacts = new ArrayList<>();
        for (OrderJson one : json.objects("artifacts", MOST_ARTIFACTS)) {
            String name = one.text("name");
            Digest digest = one.value("digest", Digest::new);
            long size = one.number("size");
            artifacts.add(one.checked(() -> new Produced(name, digest, size)));
        }
        Cause cause = json.value("cause", Cause::valueOf);
        String detail = json.text("detail");
        Optional<String> address = json.has("address") ? Optional.of(json.text("address")) : Optional.empty();
        return json.checked(() -> new ResultFile(
                attempt,
                json.text("token"),
                new Verdict(cause, detail, artifacts, Optional.empty(), address),
                json.has("step")
                        ? Optional.of(new FailedStep(json.smallNumber("step"), json.smallNumber("exitCode")))
                        : Optional.empty(),
                reports(json),
                times(json)));
    }

    private static Optional<Reports> reports(OrderJson json) throws RefusedInputException {
        Optional<OrderJson> reports = json.optionalObject("reports");
        return reports.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reports(
                        reports.get().value("digest", Digest::new),
                        reports.get().number("size")));
    }

    private static Optional<Times> times(OrderJson json) throws RefusedInputException {
        if (!json.has("startedAt")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Times(
                    Instant.ofEpochSecond(json.number("startedAt")), Instant.ofEpochSecond(json.number("finishedAt"))));
        } catch (DateTimeException e) {
            throw new RefusedInputException("a time in the result is out of range", e);
        }
    }
}

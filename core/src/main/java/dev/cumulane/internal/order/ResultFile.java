// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import com.google.common.base.CharMatcher;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Verdict;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code result.json} says: how an attempt ended. Whoever creates it first is right.
 *
 * @param attempt the attempt
 * @param token who wrote it: the claim's token, or {@value #ENGINE} if the engine did
 * @param verdict the cause, the detail and the artifacts; tests are read from the reports, values are checked by the engine, and only deployments have an address, so
 *     there is none of these here
 * @param failedStep the step that ended with another exit code than 0, if that is the cause
 * @param reports the archive of the test reports, if there were any
 * @param times when the work began and ended by the worker's clock, if a worker wrote it
 * @param values what the work handed on, as it was written
 */
public record ResultFile(
        AttemptId attempt,
        String token,
        Verdict verdict,
        Optional<FailedStep> failedStep,
        Optional<Reports> reports,
        Optional<Times> times,
        List<Handed> values) {
    /** The token of a result that the engine wrote. */
    public static final String ENGINE = "engine";

    /** The largest result that is read, in bytes. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final int FORMAT = 1;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9:._-]{1,200}");
    private static final int MOST_ARTIFACTS = 1000;

    /** What no worker can say of its attempt: people, other stages, deployments and the engine decide these. */
    private static final Set<Cause> NOT_OF_AN_ATTEMPT = EnumSet.of(
            Cause.REJECTED,
            Cause.EXPIRED,
            Cause.NEEDS_UNMET,
            Cause.CANCELLED,
            Cause.REFUSED,
            Cause.UNHEALTHY,
            Cause.DEPLOYMENT_FAILED);

    /** Refuses what the JSON form could not carry back: odd tokens, tests, and artifacts of a failure. */
    public ResultFile {
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException("not a claim's token: '" + ShellText.shown(token) + "'");
        }
        values = List.copyOf(values);
        if (verdict.tests().isPresent() || !verdict.values().isEmpty()) {
            throw new IllegalArgumentException(
                    "a result names its reports and values; the summary of the tests and the checked values are made from them");
        }
        if (verdict.address().isPresent()) {
            throw new IllegalArgumentException("an attempt has no address; deployments have");
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
            if (!names.add(Checks.name("artifact", artifact.name()))) {
                throw new IllegalArgumentException("artifact " + artifact.name() + " is named twice");
            }
        }
        if (values.stream().map(Handed::name).distinct().count() != values.size()) {
            throw new IllegalArgumentException("a value is named twice");
        }
        if (verdict.cause() != Cause.COMPLETED && (!names.isEmpty() || !values.isEmpty())) {
            throw new IllegalArgumentException(
                    "an attempt that ended with " + verdict.cause() + " leaves no artifacts or values");
        }
    }

    /** A result without values. */
    public ResultFile(
            AttemptId attempt,
            String token,
            Verdict verdict,
            Optional<FailedStep> failedStep,
            Optional<Reports> reports,
            Optional<Times> times) {
        this(attempt, token, verdict, failedStep, reports, times, List.of());
    }

    /**
     * A value as the work wrote it: its bytes, or the digest under which they are stored.
     *
     * @param name its name
     * @param hex its bytes in hexadecimal digits, if it is small
     * @param digest the sha-256 of its bytes, if they are stored
     */
    public record Handed(String name, Optional<String> hex, Optional<Digest> digest) {
        /** Bytes up to this many stand in the result itself. */
        public static final int MOST_INLINE = 1024;

        private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9').or(CharMatcher.inRange('a', 'f'));

        /** Refuses odd names, digits and sizes, and anything but one of bytes and digest. */
        public Handed {
            Checks.name("value", name);
            if (hex.isPresent() == digest.isPresent()) {
                throw new IllegalArgumentException("value " + name + " has to be either here or stored");
            }
            if (hex.filter(digits -> digits.length() > 2 * MOST_INLINE
                            || digits.length() % 2 != 0
                            || !DIGIT.matchesAllOf(digits))
                    .isPresent()) {
                throw new IllegalArgumentException("the bytes of value " + name + " are not hexadecimal digits");
            }
        }

        /** A small value. */
        public static Handed inline(String name, byte[] bytes) {
            return new Handed(name, Optional.of(HexFormat.of().formatHex(bytes)), Optional.empty());
        }

        /** A value that is stored. */
        public static Handed stored(String name, Digest digest) {
            return new Handed(name, Optional.empty(), Optional.of(digest));
        }
    }

    /**
     * The step that failed.
     *
     * @param step its number, from 1
     * @param exitCode from 1 to 255
     */
    public record FailedStep(int step, int exitCode) {
        /** Refuses numbers out of range. */
        public FailedStep {
            if (step < 1 || exitCode < 1 || exitCode > 255) {
                throw new IllegalArgumentException(
                        "step " + step + " with exit code " + exitCode + " is no failed step");
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
     * The worker's own times, in seconds since 1970.
     *
     * @param startedAt when the order began
     * @param finishedAt when the result was about to be written
     */
    public record Times(long startedAt, long finishedAt) {
        /** Refuses times before 1970; an end before the beginning is a clock that was set. */
        public Times {
            if (startedAt < 0 || finishedAt < 0) {
                throw new IllegalArgumentException(
                        "times " + startedAt + " and " + finishedAt + " are not seconds since 1970");
            }
        }
    }

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
     * @return UTF-8 bytes; equal results give equal bytes
     */
    public byte[] bytes() {
        return RecordJson.write(
                Wire.class,
                new Wire(
                        FORMAT,
                        attempt.key(),
                        token,
                        verdict.cause(),
                        verdict.detail(),
                        failedStep,
                        verdict.artifacts(),
                        values,
                        reports,
                        times));
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
        try {
            Wire wire = RecordJson.read(Wire.class, bytes, MOST_BYTES);
            if (wire.format() != FORMAT || !wire.attempt().equals(attempt.key())) {
                throw new IllegalArgumentException("it has format " + wire.format() + " and is of attempt '"
                        + ShellText.shown(wire.attempt()) + "', not " + FORMAT + " and '" + attempt + "'");
            }
            Verdict verdict =
                    new Verdict(wire.cause(), wire.detail(), wire.artifacts(), Optional.empty(), Optional.empty());
            return new ResultFile(
                    attempt, wire.token(), verdict, wire.failed(), wire.reports(), wire.times(), wire.values());
        } catch (MalformedJsonException | IllegalArgumentException e) {
            throw new RefusedInputException(
                    "the result of attempt " + attempt + " is refused: "
                            + ShellText.shown(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** The fields of the JSON object, which order.sh writes too. */
    private record Wire(
            int format,
            String attempt,
            String token,
            Cause cause,
            String detail,
            Optional<FailedStep> failed,
            List<Produced> artifacts,
            List<Handed> values,
            Optional<Reports> reports,
            Optional<Times> times) {}
}

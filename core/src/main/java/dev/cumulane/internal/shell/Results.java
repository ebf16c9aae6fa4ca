// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.order.JUnitReports;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.internal.order.ResultFile;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how attempts ended. Success is believed from {@code result.json} alone; where there is none and none can come, it writes one. */
final class Results {
    private static final String ENGINE_CLAIM = "engine";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9:._-]{1,200}");

    private final ArtifactStore store;
    private final Values values;
    private final Secrets secrets;

    Results(ArtifactStore store, Secrets secrets) {
        this.store = store;
        this.values = new Values(store);
        this.secrets = secrets;
    }

    /** How an attempt ended; empty if there is no result. */
    Optional<Verdict> read(AttemptId attempt, Stage stage) {
        return store.read(OrderKeys.result(attempt)).map(bytes -> verdict(attempt, stage, bytes));
    }

    /** How an attempt ended whose worker is gone. Whoever created the result first is right. */
    Verdict settle(AttemptId attempt, Stage stage, String detail) {
        Optional<Verdict> there = read(attempt, stage);
        if (there.isPresent()) {
            return there.get();
        }
        store.create(OrderKeys.result(attempt), ResultFile.lost(attempt, detail));
        return read(attempt, stage)
                .orElseThrow(() -> CloudException.retryable(
                        "artifact store",
                        "the result of attempt " + attempt + " is not there after it was created",
                        new IOException("no such key")));
    }

    /** Takes the attempt's claim, so that its work can never start; false if a worker has it. */
    boolean takeClaim(AttemptId attempt) {
        String key = OrderKeys.claim(attempt);
        store.create(key, ENGINE_CLAIM.getBytes(StandardCharsets.UTF_8));
        return store.read(key)
                .map(claim -> new String(claim, StandardCharsets.UTF_8).equals(ENGINE_CLAIM))
                .orElse(false);
    }

    /** Which service's work has the attempt's claim, as its token names it; empty if nobody has it, or the engine, or a token that is none: no service is asked for such. */
    Optional<String> claimant(AttemptId attempt) {
        return store.read(OrderKeys.claim(attempt))
                .map(claim -> new String(claim, StandardCharsets.UTF_8))
                .filter(token ->
                        !token.equals(ENGINE_CLAIM) && TOKEN.matcher(token).matches())
                .map(token -> token.indexOf('.') < 0 ? token : token.substring(0, token.lastIndexOf('.')));
    }

    /** Tells a function that it should stop; it asks now and then. */
    void tellToStop(AttemptId attempt) {
        store.create(OrderKeys.cancel(attempt), ENGINE_CLAIM.getBytes(StandardCharsets.UTF_8));
    }

    private Verdict verdict(AttemptId attempt, Stage stage, byte[] bytes) {
        ResultFile result;
        try {
            result = ResultFile.parse(attempt, bytes);
        } catch (RefusedInputException e) {
            return Verdict.of(Cause.INTERNAL, "the worker's result is not usable: " + e.getMessage());
        }
        Redactor redactor = redactor(stage);
        Verdict verdict = masked(result.verdict(), redactor);
        List<String> written =
                verdict.artifacts().stream().map(Produced::name).sorted().toList();
        List<String> declared = declared(stage);
        if (verdict.cause() == Cause.COMPLETED && !written.equals(declared)) {
            return Verdict.of(
                    Cause.INTERNAL,
                    "the worker's result is not usable: it names artifacts " + written + " where the stage writes "
                            + declared);
        }
        if (verdict.cause() == Cause.COMPLETED) {
            verdict = values.check(stage, verdict, result.values(), redactor);
        }
        if (result.reports().isEmpty()) {
            return verdict;
        }
        return judge(stage, verdict, reports(result.reports().get(), redactor));
    }

    /** Knows the secrets that a stage's work was given, and those that it could take, as far as this cloud lets an engine know them. */
    private Redactor redactor(Stage stage) {
        return secrets.redactor(secrets(stage));
    }

    /** The references of the secrets that a stage's work is given. */
    static List<String> secrets(Stage stage) {
        return Orders.secrets(stage.env()).values().stream().distinct().toList();
    }

    private static Verdict masked(Verdict verdict, Redactor redactor) {
        return new Verdict(
                verdict.cause(),
                redactor.redact(verdict.detail()),
                verdict.artifacts(),
                verdict.tests(),
                verdict.address(),
                verdict.values());
    }

    /** The names of what a stage writes, sorted. */
    static List<String> declared(Stage stage) {
        return stage.writes().stream().map(Artifact.File::name).sorted().toList();
    }

    private JUnitReports reports(ResultFile.Reports reports, Redactor redactor) {
        Optional<InputStream> opened = store.open(reports.digest());
        if (opened.isEmpty()) {
            return new JUnitReports(
                    new TestSummary(0, 0, 0, List.of()),
                    List.of("the archive " + reports.digest() + " is not in the artifact store"));
        }
        try (InputStream in = opened.get()) {
            return JUnitReports.read(in, redactor::redact);
        } catch (IOException e) {
            throw CloudException.retryable("artifact store", "could not read the test reports " + reports.digest(), e);
        }
    }

    private static Verdict judge(Stage stage, Verdict verdict, JUnitReports reports) {
        TestSummary tests = reports.tests();
        boolean decides = stage instanceof Stage.Test
                && (verdict.cause() == Cause.COMPLETED || verdict.cause() == Cause.COMMAND_FAILED);
        Cause cause = verdict.cause();
        String detail = verdict.detail();
        if (decides && tests.failed() > 0) {
            cause = Cause.TESTS_FAILED;
            detail = tests.failed() + " of " + tests.total() + " tests failed";
        } else if (decides && cause == Cause.COMPLETED && !reports.problems().isEmpty()) {
            cause = Cause.OUTPUT_REFUSED;
            detail = reports.problems().get(0);
        }
        return new Verdict(cause, detail, verdict.artifacts(), Optional.of(tests), verdict.address(), verdict.values());
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.source.Repository;
import java.util.List;
import java.util.Optional;

/**
 * The requests of GitHub's check runs, by its published API. Pure.
 *
 * @param repository the API's address of the repository
 */
record CheckRuns(Url repository) {
    /** The most annotations that one request takes. */
    static final int MOST_ANNOTATIONS = 50;

    private static final int LONGEST_SUMMARY = 60_000;
    private static final int LONGEST_TITLE = 255;

    /** A failed test whose place in the repository is known. */
    private record Annotation(TestSummary.Failure failure, TestSummary.Place place) {}

    /** Those of a repository; the address of its API is known. */
    static CheckRuns of(Repository repository) {
        return new CheckRuns(
                Url.of(repository.api().orElseThrow()).with("repos").path(repository.fullName()));
    }

    /** Asks for the check runs of this name, of which one may be the run's. */
    Call find(RunView run) {
        return call(
                "GET",
                repository
                        .with("commits", run.source().commit().id(), "check-runs")
                        .parameter("check_name", CommitStatus.context(run))
                        .parameter("filter", "all")
                        .parameter("per_page", "100"));
    }

    /** The id of the run's own check run among those that were found. */
    static Optional<Long> found(RunView run, Answer answer) {
        for (JsonNode check : Json.of(answer).path("check_runs")) {
            if (check.path("external_id").asText().equals(run.id().value())) {
                return Optional.of(check.path("id").asLong());
            }
        }
        return Optional.empty();
    }

    /** Creates a run's check run. */
    Call create(RunView run, Optional<String> page) {
        ObjectNode body = body(run, page, 0)
                .put("head_sha", run.source().commit().id())
                .put("external_id", run.id().value());
        return json("POST", repository.with("check-runs"), body);
    }

    /** Asks how a check run is. */
    Call read(long id) {
        return call("GET", repository.with("check-runs", Long.toString(id)));
    }

    /**
     * Brings a check run up to date.
     *
     * @param from how many of the run's annotations it has already
     */
    Call update(long id, RunView run, Optional<String> page, int from) {
        return json("PATCH", repository.with("check-runs", Long.toString(id)), body(run, page, from));
    }

    /** How many annotations a run has: failed tests whose place is known, once the run is over. */
    static int annotations(RunView run) {
        return run.outcome().isPresent() ? all(run).size() : 0;
    }

    private static ObjectNode body(RunView run, Optional<String> page, int from) {
        Standing standing = Standing.of(run);
        ObjectNode body = Json.object()
                .put("name", CommitStatus.context(run))
                .put(
                        "status",
                        standing.isEnd() ? "completed" : standing == Standing.PENDING ? "queued" : "in_progress");
        run.status().times().began().ifPresent(began -> body.put("started_at", began.toString()));
        if (standing.isEnd()) {
            body.put("conclusion", conclusion(standing));
            run.status().times().ended().ifPresent(ended -> body.put("completed_at", ended.toString()));
        }
        page.ifPresent(address -> body.put("details_url", address));
        ObjectNode output = body.putObject("output")
                .put("title", cut(Descriptions.of(run), LONGEST_TITLE))
                .put("summary", cut(summary(run), LONGEST_SUMMARY));
        List<Annotation> all = standing.isEnd() ? all(run) : List.of();
        if (from < all.size()) {
            ArrayNode annotations = output.putArray("annotations");
            all.subList(from, Math.min(all.size(), from + MOST_ANNOTATIONS))
                    .forEach(one -> annotations
                            .addObject()
                            .put("path", one.place().file())
                            .put("start_line", one.place().line())
                            .put("end_line", one.place().line())
                            .put("annotation_level", "failure")
                            .put("title", cut(one.failure().test(), LONGEST_TITLE))
                            .put(
                                    "message",
                                    one.failure().message().isEmpty()
                                            ? "failed"
                                            : one.failure().message()));
        }
        return body;
    }

    private static String conclusion(Standing standing) {
        return switch (standing) {
            case SUCCESS -> "success";
            case TIMEOUT -> "timed_out";
            case CANCELLATION -> "cancelled";
            case SKIP -> "skipped";
            case FAILURE, ERROR -> "failure";
            case PENDING, EXECUTING -> throw new IllegalStateException(standing + " is no end");
        };
    }

    private static List<Annotation> all(RunView run) {
        return failures(run).stream()
                .flatMap(failure -> failure.place().map(place -> new Annotation(failure, place)).stream())
                .toList();
    }

    private static List<TestSummary.Failure> failures(RunView run) {
        return run.stages().stream()
                .flatMap(stage -> stage.progress().verdict().stream())
                .flatMap(verdict -> verdict.tests().stream())
                .flatMap(tests -> tests.failures().stream())
                .toList();
    }

    /** Markdown, in which everything that comes from elsewhere is code: it cannot become a link, or call anybody. */
    private static String summary(RunView run) {
        StringBuilder text = new StringBuilder();
        for (StageView stage : run.stages()) {
            text.append("- ").append(code(stage.name())).append(' ').append(Descriptions.of(run, stage));
            stage.progress()
                    .verdict()
                    .map(Verdict::detail)
                    .filter(detail -> !detail.isEmpty())
                    .ifPresent(detail -> text.append(": ").append(code(detail)));
            text.append('\n');
        }
        for (TestSummary.Failure failure : failures(run)) {
            text.append("- ").append(code(failure.test()));
            if (!failure.message().isEmpty()) {
                text.append(": ").append(code(failure.message()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String code(String text) {
        return "`" + text.replace('`', '\'').replaceAll("\\p{Cntrl}", " ").strip() + "`";
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most - 3) + "..." : text;
    }

    private static Call json(String method, Url url, ObjectNode body) {
        return Call.json(method, url.uri(), Json.bytes(body));
    }

    private static Call call(String method, Url url) {
        return Call.of(method, url.uri());
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.local.http.HttpEndpoint;
import dev.cumulane.source.GitHubDelivery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many webhooks over HTTP, some of them lost, others twice, while the process that takes them is killed. Takes minutes and measures time. */
@Tag("strict")
class WebhookLoadTest extends Serving {
    private static final int DELIVERIES = Integer.getInteger("cumulane.deliveries", 10_000);
    private static final int KILLS = 10;
    private static final int PER_SECOND = 200;
    private static final Duration MEASURED = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;

    private final Random random = new Random(4);

    @Test
    void every_head_has_one_run_though_deliveries_are_lost_repeated_and_shuffled_and_serve_is_killed()
            throws Exception {
        Served served = start(IdleProgram.class);
        until("the first survey", () -> count("repository/shop") > 0);
        List<String> branches = pushBranches();

        List<String> deliveries = new ArrayList<>(branches);
        Collections.shuffle(deliveries, random);
        List<String> told = new ArrayList<>(deliveries.subList(DELIVERIES / 10, DELIVERIES));
        told.addAll(deliveries.subList(DELIVERIES / 10, DELIVERIES / 10 + DELIVERIES / 5));
        Collections.shuffle(told, random);
        int accepted = 0;
        Instant began = Instant.now();
        for (int i = 0; i < told.size(); i++) {
            if (i % (told.size() / KILLS) == told.size() / KILLS / 2) {
                served.kill();
                served = start(IdleProgram.class);
            }
            accepted += isAccepted(served, told.get(i)) ? 1 : 0;
        }
        Duration took = Duration.between(began, Instant.now());
        until("a run of every head", () -> count("run/%") >= DELIVERIES);

        System.out.println(DELIVERIES + " heads, " + told.size() + " deliveries of " + (DELIVERIES - DELIVERIES / 10)
                + " of them, " + accepted + " accepted in " + took.toSeconds() + " s, " + KILLS
                + " times killed: " + count("run/%") + " runs after "
                + Duration.between(began, Instant.now()).toSeconds() + " s");
        assertThat(refsOfRuns()).doesNotHaveDuplicates().hasSameSizeAs(branches).containsAll(branches);
    }

    @Test
    void an_answer_at_two_hundred_deliveries_a_second_takes_little_longer_than_an_empty_one() throws Exception {
        Served served = start(IdleProgram.class);
        List<Duration> real = new ArrayList<>();
        List<Duration> empty = new ArrayList<>();
        try (HttpEndpoint nothing = HttpEndpoint.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> HttpAnswer.text(202, "accepted"))) {
            String base = "http://127.0.0.1:" + nothing.address().getPort();
            measure(base, 0);
            measure(served.address(), 0);
            for (int round = 1; round <= ROUNDS; round++) {
                empty.addAll(measure(base, round));
                real.addAll(measure(served.address(), round));
            }
        }
        System.out.println(PER_SECOND + " deliveries a second: p50 " + millis(real, 50) + " ms, p99 " + millis(real, 99)
                + " ms; of an empty handler p50 " + millis(empty, 50) + " ms, p99 " + millis(empty, 99) + " ms");
        // Forges wait for ten seconds.
        assertThat(millis(real, 99)).isLessThan(2_000);
    }

    /** All branches at once, as one push; {@code main} was there before. */
    private List<String> pushBranches() throws Exception {
        List<String> branches = new ArrayList<>();
        StringBuilder refs = new StringBuilder();
        for (int i = 0; i < DELIVERIES; i++) {
            branches.add("refs/heads/b" + i);
            refs.append(head).append(" refs/heads/b").append(i).append('\n');
        }
        // The packed form: ten thousand files would take git as many seconds as this test has.
        Files.writeString(repository.resolve(".git/packed-refs"), refs);
        return branches;
    }

    private boolean isAccepted(Served served, String ref) throws InterruptedException {
        GitHubDelivery push = push(ref.substring("refs/heads/".length()));
        try {
            HttpResponse<Void> answer =
                    http.send(request(served.address(), push), HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(202);
            return true;
        } catch (IOException e) {
            // The forge does not send it again.
            return false;
        }
    }

    private GitHubDelivery push(String branch) {
        return GitHubDelivery.push("delivery-" + branch, "acme/shop", branch, head, "Open");
    }

    private static HttpRequest request(String base, GitHubDelivery delivery) {
        return request(base + "/hooks/shop", delivery, ServedProgram.SECRET);
    }

    /** How long each answer took from when it was due to be asked for, whether the one before had come or not. */
    private List<Duration> measure(String base, int round) {
        int count = (int) (PER_SECOND * MEASURED.toSeconds());
        List<CompletableFuture<Duration>> answers = new ArrayList<>();
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = began + i * 1_000_000_000L / PER_SECOND;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            answers.add(
                    http.sendAsync(request(base, push("r" + round + "-" + i)), HttpResponse.BodyHandlers.discarding())
                            .thenApply(answer -> {
                                assertThat(answer.statusCode()).isEqualTo(202);
                                return Duration.ofNanos(System.nanoTime() - due);
                            }));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static long millis(List<Duration> times, int percentile) {
        long[] sorted = times.stream().mapToLong(Duration::toMillis).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, sorted.length * percentile / 100)];
    }

    private interface Check {
        boolean holds() throws SQLException;
    }

    private static void until(String what, Check check) throws SQLException {
        long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
        while (!check.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come within ten minutes: " + what);
            }
            LockSupport.parkNanos(500_000_000);
        }
    }

    /** How many streams of the journal are called so. */
    private int count(String like) throws SQLException {
        return query("SELECT count(*) FROM streams WHERE name LIKE '" + like + "'", row -> row.getInt(1))
                .get(0);
    }

    /** The refs of all runs, one of each run. */
    private List<String> refsOfRuns() throws SQLException {
        return query(
                "SELECT bytes FROM records JOIN streams USING (stream) WHERE sequence = 1 AND name LIKE 'run/%'",
                row -> new String(row.getBytes(1), StandardCharsets.UTF_8)
                        .replaceFirst("(?s).*\"ref\":\"([^\"]+)\".*", "$1"));
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> List<T> query(String sql, Row<T> row) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("state/journal.db"));
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                rows.add(row.of(results));
            }
        }
        return rows;
    }
}

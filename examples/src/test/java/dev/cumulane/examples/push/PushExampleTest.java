// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.contracts.Browser;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.notice.FakeSlack;
import dev.cumulane.internal.notice.FakeTeams;
import dev.cumulane.internal.status.FakeForge;
import dev.cumulane.source.Forge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example as its reader runs it: a process, and what it printed and left. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
class PushExampleTest {
    private static final long ENDS_WITHIN_SECONDS = 240;
    private static final int TERMINATED = 143;
    private static final Pattern SERVED = Pattern.compile("serve listens at (http://127\\.0\\.0\\.1:[0-9]+);");
    private static final Pattern PAGE =
            Pattern.compile("open (http://127\\.0\\.0\\.1:[0-9]+/runs/[^ ]+/vote) and decide");
    private static final Pattern HEAD = Pattern.compile("/github/repos/acme/greeting/statuses/([0-9a-f]{40})");
    private static final String RUN = "cumulane/greeting";

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end_what_is_left() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void a_push_reaches_everybody_in_order_and_goes_on_after_the_vote() throws Exception {
        Process example = start("--approve-as", "ada");

        assertThat(example.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS))
                .as(output())
                .isTrue();

        assertThat(example.exitValue()).as(output()).isZero();
        assertThat(output())
                .containsSubsequence(
                        "git push, commit",
                        "a signed push, posted to /hooks/greeting: 202",
                        RUN + " pending: running build",
                        "card: greeting waits for you: release",
                        "/stages/release/vote and approves",
                        RUN + " success: succeeded, 16 tests")
                .doesNotContain("not told", "Exception");
        checkGitHub();
        checkSlack();
        checkTeams();
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void who_approves_in_a_browser_lets_it_go_on() throws Exception {
        Files.createDirectory(directory.resolve("browser"));
        try (Browser browser = Browser.start(directory.resolve("browser"))) {
            Process example = start();
            Awaiting.until(
                    "the approval waits",
                    Duration.ofSeconds(ENDS_WITHIN_SECONDS),
                    () -> PAGE.matcher(output()).find() || !example.isAlive());
            Matcher page = PAGE.matcher(output());
            assertThat(page.find()).as(output()).isTrue();

            browser.open(page.group(1));
            browser.tabTo("#by");
            browser.press("grace");
            browser.tabTo("button[value=approve]");
            browser.press(Browser.ENTER);

            assertThat(example.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS))
                    .as(output())
                    .isTrue();
            assertThat(example.exitValue()).as(output()).isZero();
            assertThat(output()).contains("approved by grace").doesNotContain("not told", "Exception");
            checkGitHub();
        }
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void who_ends_it_early_leaves_nothing_at_work_and_everybody_hears_of_it() throws Exception {
        Process example = start();
        Awaiting.until(
                "the run begins",
                Duration.ofSeconds(ENDS_WITHIN_SECONDS),
                () -> output().contains("has begun") || !example.isAlive());
        assertThat(example.isAlive()).as(output()).isTrue();

        example.destroy();

        assertThat(example.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        assertThat(example.exitValue()).isEqualTo(TERMINATED);
        assertThat(gitHub().told().get(RUN)).as(output()).endsWith("error");
        assertThat(leftBehind()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--approve-as             | error: after --approve-as comes one name, ada or grace, and nothing else",
                "--approve-as ada --again | error: after --approve-as comes one name, ada or grace, and nothing else",
                "--approve-as mallory     | error: --approve-as 'mallory': may approve nothing; those who may: ada or grace"
            })
    void who_cannot_approve_is_refused_before_anything_is_made(String words, String message) throws Exception {
        Process example = start(words.split(" "));

        assertThat(example.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(example.exitValue()).isEqualTo(2);
        assertThat(output()).startsWith(message);
        assertThat(directory.resolve(".cumulane")).doesNotExist();
    }

    @Test
    void its_help_says_what_it_does() throws Exception {
        Process example = start("--help");

        assertThat(example.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(example.exitValue()).isZero();
        assertThat(output()).contains("'git push'", "--approve-as NAME", "show", "logs");
    }

    private Process start(String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Jvm.command(PushExample.class, words))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile());
        builder.environment().put("MAVEN_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        started.add(process);
        process.getOutputStream().close();
        return process;
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("output.txt"));
    }

    /** What GitHub was told, told again to a GitHub that refuses what its published API does not know. */
    private FakeForge gitHub() throws IOException {
        FakeForge gitHub = new FakeForge(Forge.GITHUB);
        List<String> heads = new ArrayList<>();
        for (JsonNode line : received("/github/")) {
            Matcher head = HEAD.matcher(line.path("path").asText());
            assertThat(head.matches()).as("%s", line).isTrue();
            heads.add(head.group(1));
            Reply reply = gitHub.answer(
                    request("/api/v3/repos/acme/shop/statuses/" + FakeForge.SHA, FakeForge.TOKEN, line.path("body")));
            assertThat(reply.status()).isEqualTo(201);
        }
        assertThat(heads.stream().distinct()).hasSize(1);
        return gitHub;
    }

    private void checkGitHub() throws IOException {
        FakeForge gitHub = gitHub();
        assertThat(gitHub.told().keySet())
                .containsExactly(
                        RUN,
                        RUN + "/build",
                        RUN + "/clean-up",
                        RUN + "/deploy-production",
                        RUN + "/inspect",
                        RUN + "/release",
                        RUN + "/smoke",
                        RUN + "/unit");
        assertThat(gitHub.told()).allSatisfy((context, states) -> {
            assertThat(states.subList(0, states.size() - 1)).containsOnly("pending");
            assertThat(states).endsWith("success");
        });
    }

    private void checkSlack() throws IOException {
        FakeSlack slack = new FakeSlack();
        for (JsonNode line : received("/slack/")) {
            String path = line.path("path").asText().substring("/slack".length());
            JsonNode body = line.path("body");
            if (body.has("thread_ts") || path.endsWith("update")) {
                assertThat(body.path(body.has("thread_ts") ? "thread_ts" : "ts").asText())
                        .isEqualTo("1700000000.1");
            }
            assertThat(slack.answer(request(path, FakeSlack.TOKEN, body)).body())
                    .contains("\"ok\":true");
        }
        assertThat(slack.messages())
                .singleElement()
                .satisfies(message -> assertThat(FakeSlack.header(message)).isEqualTo("✓ greeting succeeded"));
        assertThat(slack.replies().stream().map(reply -> reply.path("text").asText()))
                .containsExactly("greeting has begun", "greeting waits for you: release", "greeting succeeded");
    }

    private void checkTeams() throws IOException {
        Matcher served = SERVED.matcher(output());
        assertThat(served.find()).isTrue();
        FakeTeams teams = new FakeTeams(served.group(1));
        for (JsonNode line : received("/teams/")) {
            assertThat(teams.answer(request(FakeTeams.PATH, "", line.path("body")))
                            .status())
                    .isEqualTo(202);
        }
        assertThat(teams.cards().stream().map(FakeTeams::title))
                .containsExactly("greeting waits for you: release", "greeting succeeded");
    }

    private List<JsonNode> received(String path) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(".cumulane/push/received.jsonl"))) {
            JsonNode request = json.readTree(line);
            if (request.path("path").asText().startsWith(path)) {
                lines.add(request);
            }
        }
        assertThat(lines).isNotEmpty();
        return lines;
    }

    private static Request request(String path, String token, JsonNode body) {
        Map<String, String> headers =
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json; charset=utf-8");
        return new Request("POST", path, new TreeMap<>(headers), body.toString());
    }

    /** Processes that were started in this directory or that name it, whoever their parent is now. */
    private List<String> leftBehind() throws IOException {
        Path home = directory.toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> words(process).contains(home.toString()) || isIn(home, process.pid()))
                .map(PushExampleTest::words)
                .toList();
    }

    private static String words(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    private static boolean isIn(Path home, long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .startsWith(home);
        } catch (IOException e) {
            // It has ended, or it is somebody else's.
            return false;
        }
    }
}

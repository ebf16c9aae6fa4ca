// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.contracts.Browser;
import dev.cumulane.engine.Engine;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.Vote;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.source.Repositories;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of {@code serve} in a real browser. Where there is none, the test is skipped, and fails where {@code CI=true}. */
class PagesInBrowserTest {
    @TempDir
    Path directory;

    private Served served;
    private Browser browser;

    @BeforeEach
    void a_browser_and_a_run() throws Exception {
        Path home = directory.toRealPath();
        browser = Browser.start(home);
        Path repository = Repositories.create(home.resolve("acme/shop"));
        served = Served.start(home, PagesProgram.class);
        push(Repositories.git(repository, "rev-parse", "HEAD"));
    }

    @AfterEach
    void end() throws Exception {
        try {
            if (browser != null) {
                browser.close();
            }
        } finally {
            if (served != null) {
                served.kill();
            }
        }
    }

    @Test
    void somebody_without_a_mouse_watches_a_run_and_lets_it_go_on() throws Exception {
        Awaiting.until("the run is there", () -> !runs().isEmpty());
        RunId run = runs().get(0).id();

        browser.open(served.address() + "/");
        browser.tabTo("a[href='/runs/" + run + "']");
        browser.press(Browser.ENTER);
        Awaiting.until(
                "the log's first line shows", () -> browser.text("#log-lines").contains("compiling <b>the shop</b>"));
        assertThat(browser.title()).startsWith("▸ shop on main: running");
        assertThat(browser.text("#log-lines")).doesNotContain("gate is open");
        browser.script("window.neverReloaded = true");

        Files.createFile(directory.resolve(PagesProgram.GATE + "1"));
        Awaiting.until(
                "the log goes on by itself", () -> browser.text("#log-lines").contains("the first gate is open"));
        Files.createFile(directory.resolve(PagesProgram.GATE + "2"));
        Awaiting.until(
                "the page asks for a decision", () -> browser.text("#waiting").contains("ada or grace"));
        assertThat(browser.text("#head h1")).contains("waiting");
        assertThat(browser.text("#tests")).contains("2 tests");
        assertThat(browser.script("return window.neverReloaded").asBoolean()).isTrue();

        browser.tabTo("#decide-release");
        browser.press(Browser.ENTER);
        Awaiting.until("the form is there", () -> !browser.text("form.decision").isEmpty());
        browser.tabTo("#by");
        browser.press("grace");
        browser.tabTo("#comment");
        browser.press("looks <i>good</i>");
        browser.tabTo("button[value=approve]");
        browser.press(Browser.ENTER);

        Awaiting.until(
                "the page says that the run succeeded",
                () -> browser.text("#head h1").contains("succeeded"));
        assertThat(browser.address()).startsWith(served.address() + "/runs/" + run);
        assertThat(browser.title()).contains("succeeded");
        assertThat(browser.text("#votes")).contains("grace approved release", "looks <i>good</i>");
        RunView ended = runs().get(0);
        assertThat(ended.outcome()).contains(Outcome.SUCCESS);
        assertThat(ended.stage("release").progress().votes())
                .extracting(Vote::by, Vote::via)
                .containsExactly(tuple("grace", Vote.Via.PAGE));
        assertThat(browser.console()).isEmpty();
    }

    private List<RunView> runs() {
        try (LocalCloud cloud = LocalCloud.at(directory.resolve("state"));
                Engine engine = Engine.on(cloud).attach()) {
            return engine.list(10);
        }
    }

    private void push(String head) throws Exception {
        GitHubDelivery delivery =
                GitHubDelivery.push("d1", "acme/shop", "main", head, "Open <script>alert(1)</script>");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(served.address() + "/hooks/shop"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.bytes()));
        delivery.headers(ServedProgram.SECRET).forEach(request::header);
        assertThat(HttpClient.newHttpClient()
                        .send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);
    }
}

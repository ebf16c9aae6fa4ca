// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.local.cli.ExitCode;
import dev.cumulane.local.cli.Terminal;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.source.GitHubDelivery;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code serve} as a process, and webhooks over HTTP. */
class ServeTest extends Serving {
    @Test
    void a_signed_push_becomes_a_run_and_sigterm_ends_the_service() throws Exception {
        Served served = start(ServedProgram.class);

        GitHubDelivery push = GitHubDelivery.push("d1", "acme/shop", "main", head, "Open");
        assertThat(post(served, "/hooks/shop", push, ServedProgram.SECRET).statusCode())
                .isEqualTo(202);
        assertThat(post(served, "/hooks/shop", push, "another secret of many bytes")
                        .statusCode())
                .isEqualTo(401);

        Awaiting.until(
                "the run ends",
                () -> runs().stream().anyMatch(run -> run.outcome().isPresent()));
        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.source().commit().id()).isEqualTo(head);
            assertThat(run.outcome()).contains(Outcome.SUCCESS);
        });

        assertThat(served.terminate()).isEqualTo(143);
        assertThat(served.output()).doesNotContain("Exception");
    }

    @Test
    void a_secret_that_is_not_there_is_named_at_the_start_and_why_a_delivery_is_refused_is_printed() throws Exception {
        Served served = startWithoutSecrets(ServedProgram.class);
        assertThat(served.output())
                .contains("secret 'hook' is not there; put it into file "
                        + directory.toRealPath().resolve("state/secrets/hook")
                        + ", with permissions 600, or environment variable CUMULANE_SECRET_HOOK");

        GitHubDelivery push = GitHubDelivery.push("d1", "acme/shop", "main", head, "Open");
        assertThat(post(served, "/hooks/shop", push, ServedProgram.SECRET).statusCode())
                .isEqualTo(401);

        Awaiting.until(
                "it is printed",
                () -> served.output()
                        .contains(
                                "a request to hook 'shop' is answered with 401: none of the repository's webhook secrets is there"
                                        + " and can be used: hook"));
        assertThat(served.output()).doesNotContain(ServedProgram.SECRET, "Exception");
    }

    @Test
    void what_is_too_large_or_unknown_is_answered_without_being_read() throws Exception {
        Served served = start(ServedProgram.class);
        GitHubDelivery large = new GitHubDelivery("push", "d1", "x".repeat(4 * 1024 * 1024 + 1));

        assertThat(post(served, "/hooks/shop", large, ServedProgram.SECRET).statusCode())
                .isEqualTo(413);
        assertThat(post(served, "/hooks/other", GitHubDelivery.push("d2", "acme/shop", "main", head, "Open"), "x")
                        .statusCode())
                .isEqualTo(401);
        assertThat(post(served, "/", GitHubDelivery.push("d2", "acme/shop", "main", head, "Open"), "x")
                        .statusCode())
                .isEqualTo(405);
        assertThat(runs()).isEmpty();
    }

    @Test
    void what_was_accepted_before_the_process_was_killed_runs_in_the_next_one() throws Exception {
        Served served = start(ServedProgram.class);
        assertThat(post(
                                served,
                                "/hooks/shop",
                                GitHubDelivery.push("d1", "acme/shop", "main", head, "Open"),
                                ServedProgram.SECRET)
                        .statusCode())
                .isEqualTo(202);

        served.kill();
        start(ServedProgram.class);

        Awaiting.until(
                "the run ends",
                () -> runs().stream().anyMatch(run -> run.outcome().equals(Optional.of(Outcome.SUCCESS))));
        assertThat(runs()).hasSize(1);
    }

    @Test
    void a_port_that_is_taken_is_one_clear_line_and_three() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Terminal terminal = Terminal.piped();

            int code = Cumulane.run(
                    terminal.console(),
                    new String[] {"serve", "--address", "0.0.0.0", "--port", Integer.toString(taken.getLocalPort())},
                    () -> LocalCloud.at(directory.resolve("state")),
                    () -> List.of(ServedProgram.pipeline()),
                    engine -> engine);

            assertThat(code).isEqualTo(ExitCode.ENGINE);
            assertThat(terminal.errLines())
                    .singleElement()
                    .asString()
                    .startsWith("error: HTTP: cannot listen at 0.0.0.0:" + taken.getLocalPort());
        }
    }

    @Test
    void a_port_or_address_that_cannot_be_is_a_mistake_on_the_command_line() {
        for (String[] words : List.of(new String[] {"--port", "65536"}, new String[] {"--address", "no such host"})) {
            Terminal terminal = Terminal.piped();
            int code = Cumulane.run(
                    terminal.console(),
                    new String[] {"serve", words[0], words[1]},
                    () -> LocalCloud.at(directory.resolve("state")),
                    () -> List.of(ServedProgram.pipeline()),
                    engine -> engine);

            assertThat(code).isEqualTo(ExitCode.USAGE);
            assertThat(terminal.errLines()).singleElement().asString().startsWith("error: " + words[0]);
            assertThat(Files.exists(directory.resolve("state"))).isFalse();
        }
    }

    private List<RunView> runs() {
        try (LocalCloud cloud = LocalCloud.at(directory.resolve("state"));
                Engine engine = Engine.on(cloud).attach()) {
            return engine.list(10);
        }
    }

    private HttpResponse<String> post(Served served, String path, GitHubDelivery delivery, String secret)
            throws Exception {
        return http.send(request(served.address() + path, delivery, secret), HttpResponse.BodyHandlers.ofString());
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.hosted;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.queue.QueueClient;
import dev.cumulane.azure.AzureUnderTest;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.azure.fake.FakeVault;
import dev.cumulane.azure.fake.FunctionsHost;
import dev.cumulane.azure.functions.FunctionApp;
import dev.cumulane.azure.logs.MonitorLogs;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.GitHubDelivery;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The entry class in hosts that read the generated bindings, on real queues; each host is a process with a cloud of its own. */
final class AzureFunctionsTest {
    private static final String WORKER =
            new WorkNames(Emulators.NAMES).worker(TrustLevel.TRUSTED, List.of("npm-token"));
    private static final String HOOK =
            "{\"publisherId\":\"tfs\",\"eventType\":\"build.complete\",\"resource\":{\"id\":417}}";

    private final Storage storage = new Storage(0, 0);
    private final FakeVault vault = new FakeVault();
    private final List<FunctionsHost> hosts = new ArrayList<>();
    private final List<Cloud> clouds = new ArrayList<>();

    @BeforeEach
    void install() {
        storage.install();
        storage.undisturbed().queues().createQueue(WORKER);
        storage.undisturbed().queues().createQueue(WORKER + "-poison");
        vault.store("github-webhook", ShopCi.WEBHOOK_SECRET);
        vault.store("npm-token", "s3cret-value");
        vault.store("devops-hook", "k3y");
        vault.store("ticket-key", "0f".repeat(16));
    }

    @AfterEach
    void close() {
        hosts.forEach(FunctionsHost::close);
        clouds.forEach(Cloud::close);
        storage.close();
        vault.close();
        assertThat(vault.violations()).isEmpty();
    }

    private Cloud cloud(Digest code) {
        Map<String, URI> endpoints = new TreeMap<>(storage.endpoints());
        endpoints.put("vault", vault.endpoint());
        Cloud cloud = AzureUnderTest.on(Map.of(AzureVariables.CODE, code.hex()), endpoints)
                .connect();
        clouds.add(cloud);
        return cloud;
    }

    private FunctionsHost host(FunctionApp.Kind kind, Digest code) {
        ShopCi.on(() -> cloud(code));
        Map<String, String> settings = Map.of(
                AzureVariables.CALLS,
                WORKER,
                AzureVariables.SWEEP,
                "0 */5 * * * *",
                AzureVariables.STORAGE + "__queueServiceUri",
                "https://shop.queue.core.windows.net");
        FunctionsHost host = new FunctionsHost(
                        new FunctionApp(kind, ShopCi.class.getName()).files(),
                        ShopCi.class.getClassLoader(),
                        settings,
                        storage.undisturbed().queues(),
                        (operation, line) -> {})
                .repeatingAfter(Duration.ZERO);
        hosts.add(host);
        return host;
    }

    /** The code of this test's own, as the one who installs puts it into the store. */
    private Digest code() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            String path = ShopCi.Greeting.class.getName().replace('.', '/') + ".class";
            jar.putNextEntry(new JarEntry(path));
            try (InputStream of = ShopCi.class.getClassLoader().getResourceAsStream(path)) {
                of.transferTo(jar);
            }
        }
        return cloud(Digest.of(new byte[0])).artifacts().put(bytes.toByteArray());
    }

    private static int post(FunctionsHost host, String path, Map<String, String> headers, byte[] body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(host.endpoint().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int push(FunctionsHost ingress, String secret) throws Exception {
        GitHubDelivery push = GitHubDelivery.push("d-1", "example/shop", "main", "4f1c2ab0".repeat(5), "Ä change");
        return post(ingress, "/hooks/shop", push.headers(secret), push.bytes());
    }

    private RunView ended(Engine engine) throws Exception {
        Awaiting.until(
                "a run ends",
                Duration.ofMinutes(1),
                () -> engine.list(1).stream().anyMatch(run -> run.outcome().isPresent()));
        return engine.list(1).get(0);
    }

    @Test
    void a_signed_push_becomes_a_run_whose_stage_a_worker_carries_out() throws Exception {
        Digest code = code();
        FunctionsHost ingress = host(FunctionApp.Kind.INGRESS, code);
        assertThat(push(ingress, "another secret")).isEqualTo(401);
        assertThat(push(ingress, ShopCi.WEBHOOK_SECRET)).isEqualTo(202);
        FunctionsHost engine = host(FunctionApp.Kind.ENGINE, code);
        Awaiting.until(
                "the worker is called", () -> queue(WORKER).getProperties().getApproximateMessagesCountLong() > 0);
        FunctionsHost worker = host(FunctionApp.Kind.WORKER, code);

        try (Engine watching = ShopCi.setUp(Engine.on(cloud(code))).attach()) {
            RunView run = ended(watching);
            AttemptId inspected = new AttemptId(run.id(), "inspect", 1);

            assertThat(run.outcome()).contains(Outcome.SUCCESS);
            assertThat(worker.lines())
                    .startsWith(MonitorLogs.begins(inspected))
                    .anyMatch(line -> line.startsWith("the stage ran with ***") && !line.endsWith("pinned"))
                    .endsWith(MonitorLogs.ends(inspected));
        }
        engine.fire("sweep");
        assertThat(engine.failures()).isEmpty();
        assertThat(worker.failures()).isEmpty();
    }

    @Test
    void a_worker_that_was_deployed_anew_loads_the_code_that_the_run_began_with() throws Exception {
        Digest code = code();
        assertThat(push(host(FunctionApp.Kind.INGRESS, code), ShopCi.WEBHOOK_SECRET))
                .isEqualTo(202);
        host(FunctionApp.Kind.ENGINE, code);
        Awaiting.until(
                "the worker is called", () -> queue(WORKER).getProperties().getApproximateMessagesCountLong() > 0);
        FunctionsHost worker = host(FunctionApp.Kind.WORKER, Digest.of("newer".getBytes(UTF_8)));

        try (Engine watching = ShopCi.setUp(Engine.on(cloud(code))).attach()) {
            assertThat(ended(watching).outcome()).contains(Outcome.SUCCESS);
        }
        assertThat(worker.lines()).contains("the stage ran with ***, its code is pinned");
    }

    @Test
    void a_call_that_nobody_can_carry_out_is_laid_aside_after_five_tries() throws Exception {
        FunctionsHost worker = host(FunctionApp.Kind.WORKER, Digest.of(new byte[0]));
        queue(WORKER).sendMessage("hello");

        Awaiting.until(
                "it is laid aside",
                () -> queue(WORKER + "-poison").getProperties().getApproximateMessagesCountLong() == 1);
        assertThat(worker.failures())
                .hasSize(5)
                .allMatch(failure -> failure.contains("a worker takes calls of the engine, and no other messages"));
    }

    @Test
    void a_service_hook_needs_the_key_and_no_more_of_it_is_passed_on_than_the_build() throws Exception {
        FunctionsHost ingress = host(FunctionApp.Kind.INGRESS, Digest.of(new byte[0]));
        byte[] hook = HOOK.replace("417", "417,\"result\":\"succeeded\"").getBytes(UTF_8);

        assertThat(post(ingress, "/devops", Map.of(), hook)).isEqualTo(401);
        assertThat(post(ingress, "/devops", Map.of("x-cumulane-key", "wrong"), hook))
                .isEqualTo(401);
        assertThat(post(ingress, "/devops", Map.of("x-cumulane-key", "k3y"), "hello".getBytes(UTF_8)))
                .isEqualTo(202);
        assertThat(post(ingress, "/devops", Map.of("x-cumulane-key", "k3y"), "{}".getBytes(UTF_8)))
                .isEqualTo(202);
        assertThat(post(ingress, "/devops", Map.of("x-cumulane-key", "k3y"), hook))
                .isEqualTo(202);

        assertThat(queue("signals").receiveMessages(32).stream()
                        .map(message -> message.getBody().toString()))
                .singleElement()
                .asString()
                .endsWith(HOOK);
    }

    @Test
    void a_hook_that_cannot_be_passed_on_is_asked_for_again() throws Exception {
        FunctionsHost ingress = host(FunctionApp.Kind.INGRESS, Digest.of(new byte[0]));
        queue("signals").delete();

        assertThat(post(ingress, "/devops", Map.of("x-cumulane-key", "k3y"), HOOK.getBytes(UTF_8)))
                .isEqualTo(503);
    }

    @Test
    void a_function_that_cannot_open_its_engine_asks_for_another_try_and_says_why_in_its_log() throws Exception {
        FunctionsHost ingress = host(FunctionApp.Kind.INGRESS, Digest.of(new byte[0]));
        ShopCi.on(() -> {
            throw new IllegalStateException("the table is missing");
        });

        assertThat(push(ingress, ShopCi.WEBHOOK_SECRET)).isEqualTo(503);
        assertThat(ingress.lines()).anyMatch(line -> line.contains("the table is missing"));
        ShopCi.on(() -> cloud(Digest.of(new byte[0])));
        assertThat(push(ingress, ShopCi.WEBHOOK_SECRET)).isEqualTo(202);
    }

    @Test
    void a_body_that_is_too_large_is_refused() throws Exception {
        FunctionsHost ingress = host(FunctionApp.Kind.INGRESS, Digest.of(new byte[0]));

        assertThat(post(
                        ingress,
                        "/hooks/shop",
                        Map.of(),
                        "a".repeat(4 * 1024 * 1024 + 1).getBytes(UTF_8)))
                .isEqualTo(413);
    }

    private QueueClient queue(String name) {
        return storage.undisturbed().queues().getQueueClient(name);
    }
}

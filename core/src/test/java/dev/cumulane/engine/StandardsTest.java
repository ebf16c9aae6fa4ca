// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.internal.trace.Trace;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told in the words of the standards, from the engine to whoever listens. */
class StandardsTest {
    private static final URI SOURCE = URI.create("https://ci.example.com");
    private static final Commit COMMIT = Commit.commit("https://example.com/shop.git", "0".repeat(40));

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
        p.test("unit", container("alpine:3.22").reads(build.artifact("jar")).runs("make test"));
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);

    @AfterEach
    void forgetTelemetry() {
        GlobalOpenTelemetry.resetForTest();
    }

    private RunId run(Standards standards, String... inside) {
        Engine engine = Engine.on(cloud)
                .register(pipeline)
                .telling(standards)
                .pages("https://ci.example.com")
                .reachingInside(inside)
                .open();
        RunId run = engine.start("shop", COMMIT, "ada");
        cloud.advance(Duration.ofHours(1));
        assertThat(engine.find(run).orElseThrow().outcome()).isPresent();
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        return run;
    }

    @Test
    void events_of_a_run_are_on_the_clouds_bus_from_its_first_to_its_last() throws IOException {
        RunId run = run(Standards.from(SOURCE).events());

        List<JsonNode> events = new ArrayList<>();
        for (String json : cloud.published()) {
            events.add(new ObjectMapper().readTree(json));
        }
        assertThat(events)
                .extracting(event -> event.path("type").asText())
                .startsWith("dev.cdevents.pipelinerun.queued.0.3.0", "dev.cdevents.pipelinerun.started.0.3.0")
                .contains("dev.cdevents.artifact.published.0.3.0", "dev.cdevents.taskrun.finished.0.3.0")
                .endsWith("dev.cdevents.pipelinerun.finished.0.3.0");
        assertThat(events)
                .allSatisfy(event -> assertThat(event.path("id").asText()).startsWith(run + "/"));
    }

    @Test
    void a_web_address_gets_signed_events_and_is_asked_again_after_a_failure() throws Exception {
        byte[] key = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
        cloud.addSecret("events-key", "whsec_" + Base64.getEncoder().encodeToString(key));
        List<String> bodies = Collections.synchronizedList(new ArrayList<>());
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hooks", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String signed = exchange.getRequestHeaders().getFirst("webhook-id") + "."
                    + exchange.getRequestHeaders().getFirst("webhook-timestamp") + "." + new String(body, UTF_8);
            if (!exchange.getRequestHeaders().getFirst("webhook-signature").equals("v1," + hmac(key, signed))
                    || !exchange.getRequestHeaders()
                            .getFirst("Content-Type")
                            .startsWith("application/cloudevents+json")) {
                wrong.add(signed);
            }
            boolean fails = calls.incrementAndGet() == 3;
            if (!fails) {
                bodies.add(new String(body, UTF_8));
            }
            exchange.sendResponseHeaders(fails ? 503 : 202, -1);
            exchange.close();
        });
        server.start();
        try {
            String origin = "http://127.0.0.1:" + server.getAddress().getPort();
            run(Standards.from(SOURCE).eventsTo(URI.create(origin + "/hooks"), "events-key"), origin);
        } finally {
            server.stop(0);
        }

        assertThat(wrong).isEmpty();
        assertThat(bodies.get(bodies.size() - 1)).contains("pipelinerun.finished");
        assertThat(bodies.stream().distinct()).hasSizeGreaterThan(8).hasSizeLessThan(bodies.size() + 1);
    }

    @Test
    void provenance_is_kept_beside_each_artifact_and_signed() throws Exception {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(KeyPairGenerator.getInstance("Ed25519")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        cloud.addSecret("release-key", pem);

        RunId run = run(Standards.from(SOURCE).provenanceSignedWith("release-key"));

        Produced jar = Engine.on(cloud)
                .register(pipeline)
                .attach()
                .find(run)
                .orElseThrow()
                .stage("build")
                .progress()
                .verdict()
                .orElseThrow()
                .artifacts()
                .get(0);
        byte[] envelope = cloud.artifacts()
                .read("attestations/" + jar.digest() + "/" + run + ".build.1")
                .orElseThrow();
        JsonNode json = new ObjectMapper().readTree(envelope);
        assertThat(json.at("/signatures/0/keyid").asText()).isEqualTo("release-key");
        assertThat(new String(Base64.getDecoder().decode(json.path("payload").asText()), UTF_8))
                .contains(jar.digest().hex());
        assertThat(new String(envelope, US_ASCII)).doesNotContain("PRIVATE");
    }

    @Test
    void a_key_that_is_missing_shows_in_the_run_and_keeps_it_from_nothing() {
        Engine engine = Engine.on(cloud)
                .register(pipeline)
                .telling(Standards.from(SOURCE).provenanceSignedWith("no-such-key"))
                .open();
        RunId run = engine.start("shop", COMMIT, "ada");
        cloud.advance(Duration.ofHours(1));

        assertThat(engine.find(run).orElseThrow().outcome()).isPresent();
        assertThat(engine.find(run).orElseThrow().untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("provenance");
            assertThat(untold.why()).contains("there is no secret 'no-such-key'");
        });
    }

    @Test
    void spans_go_to_the_telemetry_that_is_registered() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        GlobalOpenTelemetry.set(OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .build());

        RunId run = run(Standards.from(SOURCE).telemetry());

        assertThat(spans.getFinishedSpanItems())
                .hasSize(3)
                .allMatch(span -> span.getTraceId().equals(Trace.trace(run)));
    }

    @Test
    void a_source_that_stands_for_nothing_is_refused() {
        assertThatThrownBy(() -> Standards.from(URI.create("ci")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'ci'");
    }

    private static String hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

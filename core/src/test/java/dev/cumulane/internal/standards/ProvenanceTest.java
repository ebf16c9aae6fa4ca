// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Signer;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.RunEvent;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceTest {
    static List<Provenance.Statement> told(String story) {
        Histories.History history = Histories.golden(story);
        Provenance provenance = new Provenance(history.plan(), CdEventsTest.ORIGIN);
        return history.records().stream()
                .flatMap(record -> provenance.next(record).stream())
                .toList();
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return new ObjectMapper().readTree(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_statement_says_what_was_built_from_what_by_whom_and_when() {
        Provenance.Statement jar = told("all-goes-well").get(0);
        JsonNode json = json(jar.json());

        assertThat(json.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
        assertThat(json.path("predicateType").asText()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(json.at("/subject/0/digest/sha256").asText())
                .isEqualTo(jar.artifact().hex());
        assertThat(json.at("/subject/0/annotations/path").asText()).isEqualTo("target/app.jar");
        JsonNode definition = json.at("/predicate/buildDefinition");
        assertThat(definition.path("buildType").asText()).isEqualTo(Provenance.BUILD_TYPE);
        assertThat(definition.at("/externalParameters/stage").asText()).isEqualTo("build");
        assertThat(definition.at("/resolvedDependencies/0/uri").asText())
                .startsWith("git+https://")
                .contains("@refs/");
        assertThat(definition.at("/resolvedDependencies/0/digest/gitCommit").asText())
                .matches("[0-9a-f]{40}");
        assertThat(definition.path("resolvedDependencies").findValuesAsText("uri"))
                .contains("docker://maven:3.9-eclipse-temurin-21");
        assertThat(json.at("/predicate/runDetails/builder/id").asText()).isEqualTo("https://ci.example.com");
        assertThat(json.at("/predicate/runDetails/metadata/invocationId").asText())
                .isEqualTo("urn:cumulane:attempt:everything-0123456789abcdef/build/1");
        assertThat(json.at("/predicate/runDetails/metadata/startedOn").asText())
                .isLessThan(json.at("/predicate/runDetails/metadata/finishedOn").asText());
        assertThat(ArtifactStore.checkKey(jar.key())).startsWith("attestations/" + jar.artifact() + "/everything-");
    }

    @Test
    void what_a_stage_read_is_among_its_dependencies_by_digest() {
        Provenance.Statement findings = told("all-goes-well").stream()
                .filter(statement -> statement.attempt().stage().equals("inspect"))
                .findFirst()
                .orElseThrow();
        Provenance.Statement jar = told("all-goes-well").get(0);

        assertThat(json(findings.json()).at("/predicate/buildDefinition/resolvedDependencies"))
                .anySatisfy(dependency -> {
                    assertThat(dependency.path("name").asText()).isEqualTo("build/jar");
                    assertThat(dependency.at("/digest/sha256").asText())
                            .isEqualTo(jar.artifact().hex());
                });
    }

    @Test
    void a_retried_build_was_built_by_the_attempt_that_succeeded() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            p.build(
                    "build",
                    container("alpine:3.22")
                            .runs("make")
                            .writes("jar", "shop.jar")
                            .retrying(twice().onLostWorker()));
        });
        PipelineTester tester = PipelineTester.of(pipeline);
        tester.stage("build").first().losesItsWorker();
        TestedRun run = tester.push("main").assertSucceeded();

        assertThat(stages(pipeline, run)).containsExactly(run.id() + "/build/2");
    }

    @Test
    void what_a_repetition_took_over_was_built_by_the_run_that_built_it() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            var build = p.build("build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
            p.build(
                    "pack",
                    container("alpine:3.22")
                            .reads(build.artifact("jar"))
                            .runs("pack")
                            .writes("image", "image.tar"));
        });
        PipelineTester tester = PipelineTester.of(pipeline);
        tester.stage("pack").fails("disk full");
        TestedRun first = tester.push("main").assertFailed();
        tester.stage("pack").succeeds();
        TestedRun second = first.rerunFromFailed("ada").assertSucceeded();

        assertThat(stages(pipeline, first)).containsExactly(first.id() + "/build/1");
        assertThat(stages(pipeline, second)).containsExactly(second.id() + "/pack/1");
    }

    private static List<String> stages(Pipeline pipeline, TestedRun run) {
        Provenance provenance = new Provenance(pipeline.plan(), CdEventsTest.ORIGIN);
        return run.history().stream()
                .flatMap(record -> provenance.next(record).stream())
                .map(statement -> statement.attempt().key())
                .toList();
    }

    @Test
    void a_bill_of_materials_keeps_its_media_type_and_stands_beside_what_it_is_about() {
        Pipeline pipeline = Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            p.build(
                    "build",
                    container("alpine:3.22")
                            .runs("make")
                            .writes("jar", "shop.jar")
                            .writes("sbom", "target/bom.json"));
        });
        TestedRun run = PipelineTester.of(pipeline).push("main").assertSucceeded();
        Provenance provenance = new Provenance(pipeline.plan(), CdEventsTest.ORIGIN);
        CdEvents events = new CdEvents(pipeline.plan(), CdEventsTest.ORIGIN);

        JsonNode jar = json(run.history().stream()
                .flatMap(record -> provenance.next(record).stream())
                .findFirst()
                .orElseThrow()
                .json());
        assertThat(jar.at("/predicate/runDetails/byproducts/0/annotations/mediaType")
                        .asText())
                .isEqualTo("application/vnd.cyclonedx+json");
        assertThat(run.history().stream()
                        .flatMap(record -> events.next(record).stream())
                        .filter(event -> event.type().equals("dev.cdevents.artifact.packaged.0.3.0"))
                        .map(event -> CdEventsTest.json(event)
                                .at("/data/subject/content/sbom/uri")
                                .asText()))
                .first()
                .asString()
                .startsWith("pkg:generic/shop/build/sbom@sha256%3A");
    }

    @Test
    void what_is_signed_is_the_protocols_own_example() {
        assertThat(Dsse.signed("http://example.com/HelloWorld", "hello world".getBytes(UTF_8)))
                .asString(UTF_8)
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    @ParameterizedTest
    @CsvSource({"Ed25519, Ed25519", "EC, SHA256withECDSA"})
    void the_envelope_is_signed_and_a_changed_one_is_found_out(String kind, String algorithm) throws Exception {
        KeyPair pair = pair(kind);
        Signer signer = Signer.pkcs8("release", pem(pair));
        Provenance.Statement statement = told("all-goes-well").get(0);

        JsonNode envelope = json(statement.envelope(Optional.of(signer)));

        byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
        byte[] signature =
                Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText());
        assertThat(payload).isEqualTo(statement.json());
        assertThat(envelope.path("payloadType").asText()).isEqualTo("application/vnd.in-toto+json");
        assertThat(envelope.at("/signatures/0/keyid").asText()).isEqualTo("release");
        assertThat(verifies(pair, algorithm, payload, signature)).isTrue();
        payload[10]++;
        assertThat(verifies(pair, algorithm, payload, signature)).isFalse();
    }

    @Test
    void without_a_key_the_envelope_has_no_signature() {
        assertThat(json(told("all-goes-well").get(0).envelope(Optional.empty())).path("signatures"))
                .isEmpty();
    }

    @Test
    void what_is_no_key_is_refused_without_a_word_of_it() {
        String secret = "MC4CAQAwBQYDK2VwBCIEINothing";
        for (String pem :
                List.of("", secret, "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----")) {
            assertThatThrownBy(() -> Signer.pkcs8("release", pem.getBytes(US_ASCII)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'release'")
                    .hasMessageContaining("Ed25519")
                    .hasMessageNotContaining(secret);
        }
    }

    @Test
    void every_statement_is_of_a_stage_that_ran_here() {
        for (String story : Histories.names()) {
            List<String> reused = Histories.golden(story).records().stream()
                    .flatMap(record -> record.events().stream())
                    .filter(RunEvent.StageReused.class::isInstance)
                    .map(event -> ((RunEvent.StageReused) event).stage())
                    .toList();
            assertThat(told(story))
                    .as(story)
                    .noneMatch(statement -> reused.contains(statement.attempt().stage()));
        }
    }

    static KeyPair pair(String kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (kind.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }

    static byte[] pem(KeyPair pair) {
        return ("-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n")
                .getBytes(US_ASCII);
    }

    private static boolean verifies(KeyPair pair, String algorithm, byte[] payload, byte[] signature)
            throws GeneralSecurityException {
        Signature check = Signature.getInstance(algorithm);
        check.initVerify(pair.getPublic());
        check.update(Dsse.signed("application/vnd.in-toto+json", payload));
        return check.verify(signature);
    }
}

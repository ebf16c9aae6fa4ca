// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.CloudProvider;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.CountedCalls;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.gcp.fake.FakeSecretManager;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GcpTest {
    private static final StreamId LOCK = StreamId.environment("production");

    private final CountedCalls calls = new CountedCalls();

    @Test
    void connecting_calls_nothing_and_each_port_only_its_own_service() {
        GcpNames names = Emulators.names();
        try (FakeCloudStorage storage = new FakeCloudStorage(InstantSource.system());
                FakeSecretManager secrets = new FakeSecretManager();
                Scripted topic = new Scripted().then(200, "{\"messageIds\":[\"1\"]}");
                GcpCloud cloud = described(names)
                        .endpoint("storage", storage.endpoint())
                        .endpoint("secretmanager", secrets.endpoint())
                        .endpoint("pubsub", topic.endpoint())
                        .connect()) {
            storage.create(names.bucket());
            assertThat(calls.calls()).isEmpty();

            cloud.journal().append(LOCK, 1, new byte[] {1});
            cloud.signals().send(new SignalEnvelope("s-1", LOCK, new byte[] {1}));
            cloud.events().publish("e-1", "{}".getBytes(UTF_8));
            Digest stored = cloud.artifacts().put("hello".getBytes(UTF_8));

            assertThat(cloud.artifacts().has(stored)).isTrue();
            assertThat(cloud.secrets().exists("npm-token")).isFalse();
            assertThat(calls.calls())
                    .isEqualTo(Map.of(
                            "firestore.commit", 1,
                            "pubsub.publish", 2,
                            "storage.put", 1,
                            "storage.head", 1,
                            "secretmanager.get", 1));
        }
    }

    @Test
    void a_deployed_function_knows_ingress_and_code_from_its_environment() {
        String digest = "0f".repeat(32);
        Gcp gcp = new Gcp(
                "shop-301412",
                Map.of(Gcp.INGRESS_VARIABLE, "https://shop-ci-ingress-k3v9-ew.a.run.app/", Gcp.CODE_VARIABLE, digest));
        try (GcpCloud cloud = gcp.region("europe-west1").namespace("shop-ci").connect()) {
            assertThat(cloud.workEndpoint().orElseThrow().address())
                    .isEqualTo(URI.create("https://shop-ci-ingress-k3v9-ew.a.run.app/work"));
            assertThat(cloud.deployedCode()).contains(new Digest(digest));
        }
    }

    @Test
    void the_resources_of_an_installation_have_its_namespace_in_their_names() {
        try (GcpCloud cloud = Gcp.inProject("shop-301412")
                .region("europe-west1")
                .namespace("shop-ci")
                .connect()) {
            GcpNames names = cloud.names();
            assertThat(names.database()).isEqualTo("shop-ci-journal");
            assertThat(names.bucket()).isEqualTo("shop-ci-shop-301412-artifacts");
            assertThat(names.signals()).isEqualTo("projects/shop-301412/topics/shop-ci-signals");
            assertThat(names.timers()).isEqualTo("projects/shop-301412/locations/europe-west1/queues/shop-ci-timers");
            assertThat(names.serviceAccount("ingress"))
                    .isEqualTo("shop-ci-ingress@shop-301412.iam.gserviceaccount.com");
            assertThat(cloud.name()).isEqualTo("gcp");
            assertThat(cloud.prices().buildMinute()).isPresent();
        }
    }

    @Test
    void a_call_without_permission_is_a_failure_that_stays_and_says_what_was_refused() {
        String denied =
                "{\"error\":{\"code\":403,\"message\":\"Missing or insufficient permissions.\",\"status\":\"PERMISSION_DENIED\"}}";
        try (Scripted refusing = new Scripted().then(403, denied);
                GcpCloud cloud = described(Emulators.names())
                        .endpoint("firestore", refusing.endpoint())
                        .connect()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> cloud.journal().append(LOCK, 1, new byte[0]))
                    .withMessageContaining("append record 1 of environment/production")
                    .withMessageContaining("PERMISSION_DENIED: Missing or insufficient permissions.")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThat(refusing.requests()).hasSize(1);
        }
    }

    @Test
    void a_service_that_is_not_there_is_a_failure_that_may_pass() {
        try (GcpCloud cloud = described(Emulators.names())
                .endpoint("firestore", URI.create("http://127.0.0.1:1"))
                .connect()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> cloud.journal().append(LOCK, 1, new byte[0]))
                    .satisfies(e -> assertThat(e.retryable()).isTrue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "shop", "Shop-301412", "301412345678", "shop_301412", "shop-301412-", "s/../shop-301412"})
    void what_is_no_project_is_refused(String project) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gcp.inProject(project))
                .withMessageContaining("shop-301412")
                .withMessageContaining("'" + project + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "europe", "eu-west-1", "europe-west1-b", "Europe-West1", "europe-west1\n"})
    void what_is_no_region_is_refused(String region) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gcp.inProject("shop-301412").region(region))
                .withMessageContaining("europe-west1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "Shop", "-shop", "shop-", "shop--ci", "a-namespace-too-long"})
    void what_is_no_namespace_is_refused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gcp.inProject("shop-301412").namespace(namespace))
                .withMessageContaining("such as shop-ci");
    }

    @Test
    void a_description_without_a_region_or_that_keeps_runs_too_shortly_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Gcp.inProject("shop-301412").connect())
                .withMessageContaining("region");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gcp.inProject("shop-301412").keeping(Duration.ofDays(29)))
                .withMessageContaining("30 days");
    }

    @Test
    void the_command_line_finds_it_by_name() {
        CloudProvider provider = CloudProvider.all().stream()
                .filter(each -> each.name().equals("gcp"))
                .findFirst()
                .orElseThrow();

        try (Cloud cloud = provider.open(
                new TreeMap<>(Map.of("project", "shop-301412", "region", "europe-west1", "namespace", "shop-ci")))) {
            assertThat(((GcpCloud) cloud).names()).hasToString("shop-ci in europe-west1 of shop-301412");
        }
        assertThat(provider.settings()).containsOnlyKeys("project", "region", "namespace");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.open(new TreeMap<>(Map.of("project", "x", "region", "europe-west1"))))
                .withMessageContaining("'x'");
    }

    private Gcp described(GcpNames names) {
        return Gcp.inProject(names.project())
                .region(names.region())
                .namespace(names.namespace())
                .credentials(Emulators.credentials())
                .endpoint("firestore", Emulators.firestore())
                .watchedBy(calls);
    }
}

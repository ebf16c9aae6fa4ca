// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.client.Identity;
import dev.cumulane.azure.emulator.CountedCalls;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.CloudProvider;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AzureTest {
    private static final String SUBSCRIPTION = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final StreamId LOCK = StreamId.environment("production");

    private final CountedCalls calls = new CountedCalls();

    @Test
    void connecting_calls_nothing_and_each_port_only_its_own_service() {
        try (Storage storage = new Storage(0, 0).install();
                AzureCloud cloud = described(storage.endpoints()).connect()) {
            assertThat(calls.calls()).isEmpty();

            cloud.journal().append(LOCK, 1, new byte[] {1});
            cloud.signals().send(new SignalEnvelope("s-1", LOCK, new byte[] {1}));
            Digest stored = cloud.artifacts().put("hello".getBytes(UTF_8));

            assertThat(cloud.artifacts().has(stored)).isTrue();
            assertThat(calls.calls())
                    .isEqualTo(Map.of("POST journal", 1, "POST signals", 1, "PUT artifacts", 1, "HEAD artifacts", 1));
        }
    }

    @Test
    void names_that_the_world_shares_are_an_installations_own() {
        AzureNames names = new AzureNames("shop", "shop-ci", () -> SUBSCRIPTION);
        AzureNames other = new AzureNames("shop-2", "shop-ci", () -> SUBSCRIPTION);
        AzureNames longest = new AzureNames("shop", "a-name-of-24-characters1", () -> SUBSCRIPTION);

        assertThat(names.account()).matches("shopci[0-9a-f]{10}").isNotEqualTo(other.account());
        assertThat(longest.account()).hasSize(24).matches("[a-z0-9]+");
        assertThat(names.topic()).matches("shop-ci-events-[0-9a-f]{10}");
        assertThat(longest.topic()).hasSizeLessThanOrEqualTo(50);
        assertThat(longest.functionApp("ingress")).hasSizeLessThanOrEqualTo(60);
        assertThat(names.resourceId("Microsoft.EventGrid/topics", "t"))
                .isEqualTo("/subscriptions/" + SUBSCRIPTION
                        + "/resourceGroups/shop/providers/Microsoft.EventGrid/topics/t");
    }

    @Test
    void a_deployed_function_knows_subscription_and_ingress_from_its_environment() {
        Azure azure = new Azure(
                "shop",
                Map.of(
                        Azure.SUBSCRIPTION_VARIABLE,
                        SUBSCRIPTION,
                        AzureVariables.INGRESS,
                        "https://shop-ci-ingress.azurewebsites.net/"));
        try (AzureCloud cloud =
                azure.namespace("shop-ci").devOps("shop", "Web Shop").connect()) {
            assertThat(cloud.names().subscription()).isEqualTo(SUBSCRIPTION);
            assertThat(cloud.devOps()).contains(new DevOpsProject("shop", "Web Shop"));
            assertThat(cloud.workEndpoint().orElseThrow().address())
                    .isEqualTo(URI.create("https://shop-ci-ingress.azurewebsites.net/work"));
        }
    }

    @Test
    void a_subscription_that_nobody_said_is_asked_for() {
        try (AzureCloud cloud = new Azure("shop", Map.of()).connect()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> cloud.journal().read(LOCK, 1, 1))
                    .withMessageContaining("AZURE_SUBSCRIPTION_ID")
                    .withMessageContaining("az account show")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void what_the_cloud_cannot_do_it_does_not_say_that_it_can() {
        try (AzureCloud cloud = new Azure("shop", Map.of()).connect()) {
            assertThat(cloud.name()).isEqualTo("azure");
            assertThat(cloud.capabilities())
                    .containsExactly(
                            Capability.FUNCTION, Capability.DEPLOY, Capability.TRAFFIC_SHARES, Capability.ALARMS);
            assertThat(cloud.deliveries().environments()).isEmpty();
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(cloud::builds)
                    .withMessageContaining("call devOps(organization, project)");
        }
    }

    @Test
    void an_environment_is_bound_once() {
        Azure azure = new Azure("shop", Map.of())
                .environment("production", e -> e.containerApp("shop-api").pulling("shop.azurecr.io/shop"));
        try (AzureCloud cloud = azure.connect()) {
            assertThat(cloud.deliveries().environments()).containsExactly("production");
            assertThat(cloud.deliveries().lacking("production")).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> azure.environment(
                        "production", e -> e.containerApp("cart-api").pulling("shop.azurecr.io/cart")))
                .withMessageContaining("bound twice");
    }

    @Test
    void an_environment_of_a_pipeline_needs_a_project() {
        Azure azure = new Azure("shop", Map.of()).environment("production", e -> e.devOpsPipeline("shop-release"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(azure::connect)
                .withMessageContaining("call devOps(organization, project)");
        try (AzureCloud cloud = azure.devOps("shop", "Shop").connect()) {
            assertThat(cloud.handOvers().orElseThrow().environments()).containsExactly("production");
            assertThat(cloud.deliveries().lacking("production")).containsExactly(Capability.TRAFFIC_SHARES);
        }
    }

    @Test
    void a_deployed_function_knows_its_code() {
        String digest = "0f".repeat(32);
        try (AzureCloud cloud = new Azure("shop", Map.of(AzureVariables.CODE, digest))
                .devOps("shop", "Shop")
                .connect()) {
            assertThat(cloud.deployedCode()).contains(new Digest(digest));
            assertThat(cloud.longestFunction()).contains(Duration.ofMinutes(10));
            assertThat(cloud.capabilities()).contains(Capability.BUILD);
        }
    }

    @Test
    void a_call_without_permission_is_a_failure_that_stays_and_says_what_was_refused() {
        String denied =
                "{\"odata.error\":{\"code\":\"AuthorizationPermissionMismatch\",\"message\":{\"lang\":\"en-US\","
                        + "\"value\":\"This request is not authorized to perform this operation using this permission.\"}}}";
        try (Scripted refusing = new Scripted().then(403, denied);
                AzureCloud cloud = described(Map.of("table", refusing.endpoint().resolve("/account1")))
                        .connect()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> cloud.journal().append(LOCK, 1, new byte[0]))
                    .withMessageContaining("append record 1 of environment/production")
                    .withMessageContaining("AuthorizationPermissionMismatch")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThat(refusing.requests()).hasSize(1);
        }
    }

    @Test
    void the_usual_chain_of_identities_is_made_without_a_call() {
        assertThatCode(() -> Identity.usual(Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> Identity.usual(Map.of(Identity.CLIENT_VARIABLE, SUBSCRIPTION)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop group", "shop/../other", "shop.", "shop\n", "sh?op"})
    void what_is_no_resource_group_is_refused(String group) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Azure.inResourceGroup(group))
                .withMessageContaining("such as shop-ci");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ab", "1shop", "shop_ci", "Shop", "shop--ci", "shop-", "a123456789012345678901234", "s p"})
    void what_is_no_namespace_is_refused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Azure.inResourceGroup("shop").namespace(namespace))
                .withMessageContaining("such as shop-ci");
    }

    @Test
    void other_mistakes_of_a_description_are_refused() {
        Azure azure = Azure.inResourceGroup("shop");

        assertThatIllegalArgumentException().isThrownBy(() -> azure.subscription("12345"));
        assertThatIllegalArgumentException().isThrownBy(() -> azure.keeping(Duration.ofDays(29)));
        assertThatIllegalArgumentException().isThrownBy(() -> azure.devOps("shop/evil", "Shop"));
        assertThatIllegalArgumentException().isThrownBy(() -> azure.devOps("shop", "../Shop"));
    }

    @Test
    void the_command_line_finds_the_cloud_by_its_name() {
        CloudProvider provider = CloudProvider.all().stream()
                .filter(each -> each.name().equals("azure"))
                .findFirst()
                .orElseThrow();

        try (var cloud = provider.open(new TreeMap<>(Map.of("resource-group", "shop", "namespace", "shop-ci")))) {
            assertThat(((AzureCloud) cloud).names()).hasToString("shop-ci in shop");
        }
        assertThat(provider.settings())
                .containsOnlyKeys("resource-group", "namespace", "subscription", "organization", "project");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.open(new TreeMap<>()))
                .withMessageContaining("resource-group");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.open(new TreeMap<>(Map.of("resource-group", "shop", "project", "Shop"))))
                .withMessageContaining("go together");
    }

    private Azure described(Map<String, URI> endpoints) {
        Azure azure = Azure.inResourceGroup("shop")
                .namespace("shop-ci")
                .subscription(SUBSCRIPTION)
                .credential(Emulators.credential())
                .watchedBy(Emulators.http(), calls);
        endpoints.forEach((service, address) -> azure.endpoint(service, Emulators.secure(address)));
        return azure;
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.TrustLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class TerraformBlueprintTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode written(Plan... plans) {
        try {
            return (ObjectNode) JSON.readTree(Samples.blueprint().template(Samples.demand(plans), Samples.CODE));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_argument_is_known_and_every_reference_leads_somewhere() {
        assertThat(TerraformCheck.wrong(written())).isEmpty();
        assertThat(TerraformCheck.wrong(written(Samples.building()))).isEmpty();
        assertThat(TerraformCheck.wrong(written(Samples.building(), Samples.everything("production"))))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void what_the_provider_would_refuse_is_found(String found, Consumer<ObjectNode> damage) {
        ObjectNode configuration = written(Samples.everything("production"));
        damage.accept((ObjectNode) configuration.path("resource"));

        assertThat(TerraformCheck.wrong(configuration))
                .anySatisfy(line -> assertThat(line).contains(found));
    }

    static Stream<Arguments> what_the_provider_would_refuse_is_found() {
        return Stream.of(
                damage(
                        "has no argument nam",
                        all -> on(all, "google_pubsub_topic", "signals").put("nam", "x")),
                damage(
                        "misses name",
                        all -> on(all, "google_pubsub_topic", "signals").remove("name")),
                damage(
                        "unknown type",
                        all -> all.putObject("google_pubsub_topik").putObject("x")),
                damage(
                        "no name of a block",
                        all -> ((ObjectNode) all.path("google_pubsub_topic"))
                                .putObject("0x")
                                .put("name", "x")),
                damage(
                        "refers to google_pubsub_topic.signal.id",
                        all -> on(all, "google_pubsub_subscription", "signals")
                                .put("topic", "${google_pubsub_topic.signal.id}")),
                damage(
                        "refers to google_pubsub_topic.signals.arn",
                        all -> on(all, "google_pubsub_subscription", "signals")
                                .put("topic", "${google_pubsub_topic.signals.arn}")),
                damage(
                        "refers to var.code",
                        all -> on(all, "google_pubsub_topic", "signals").put("name", "${var.code}")),
                damage(
                        "an open reference",
                        all -> on(all, "google_pubsub_topic", "signals").put("name", "${var.code")),
                damage(
                        "refers to google_project_service.pubsup",
                        all -> ((ArrayNode) on(all, "google_pubsub_topic", "signals")
                                        .path("depends_on"))
                                .add("google_project_service.pubsup")),
                damage(
                        "push_config is a block",
                        all -> on(all, "google_pubsub_subscription", "signals").put("push_config", "https://x")),
                damage(
                        "name is no block",
                        all -> on(all, "google_pubsub_topic", "signals").putObject("name")),
                damage(
                        "misses push_endpoint",
                        all -> ((ObjectNode) on(all, "google_pubsub_subscription", "signals")
                                        .path("push_config"))
                                .remove("push_endpoint")),
                damage(
                        "roles/editor holds too much",
                        all -> on(all, "google_project_iam_member", "shop_ci_engine_builds")
                                .put("role", "roles/editor")),
                damage(
                        "roles/storage.objectAdmin holds too much",
                        all -> on(all, "google_storage_bucket_iam_member", "shop_ci_engine_reads")
                                .put("role", "roles/storage.objectAdmin")),
                damage(
                        "allUsers is everybody",
                        all -> on(all, "google_cloud_run_v2_service_iam_member", "shop_ci_caller_invoke_shop_ci_engine")
                                .put("member", "allUsers")),
                damage(
                        "no permission storage.*",
                        all -> ((ArrayNode) on(all, "google_project_iam_custom_role", "object_reader")
                                        .path("permissions"))
                                .add("storage.*")),
                damage(
                        "has not the form",
                        all -> on(all, "google_service_account", "shop_ci_engine")
                                .put("account_id", "a-service-account-with-too-long-a-name")));
    }

    private static Arguments damage(String found, Consumer<ObjectNode> how) {
        return Arguments.of(found, how);
    }

    private static ObjectNode on(JsonNode resources, String type, String name) {
        return (ObjectNode) resources.path(type).path(name);
    }

    @Test
    void equal_installations_give_equal_text_and_other_code_changes_what_functions_are_told() {
        String text = Samples.blueprint().template(Samples.demand(Samples.building()), Samples.CODE);

        assertThat(Samples.blueprint().template(Samples.demand(Samples.building()), Samples.CODE))
                .isEqualTo(text)
                .contains(Samples.CODE.digest().hex())
                .contains("\"entry_point\" : \"shop.ci.ShopCi\"");
    }

    @Test
    void nobody_but_ingress_is_open_and_nothing_is_deleted_or_overwritten() {
        JsonNode resources = written(Samples.everything("production")).path("resource");

        List<String> open = new ArrayList<>();
        resources.path("google_cloud_run_v2_service_iam_member").properties().forEach(each -> {
            if (each.getValue().path("member").asText().equals("allUsers")) {
                open.add(each.getValue().path("name").asText());
            }
        });
        assertThat(open).containsExactly("${google_cloudfunctions2_function.shop_ci_ingress.name}");
        assertThat(resources.findValues("permissions"))
                .flatExtracting(TerraformBlueprintTest::texts)
                .doesNotContain("storage.objects.delete", "storage.objects.update")
                .contains("storage.objects.create");
    }

    @Test
    void a_worker_reads_the_secrets_of_its_set_and_an_untrusted_build_reads_none() {
        JsonNode resources = written(Samples.everything("production")).path("resource");
        List<String> readers = new ArrayList<>();
        resources.path("google_secret_manager_secret_iam_member").properties().forEach(each -> {
            JsonNode binding = each.getValue();
            if (binding.path("role").asText().equals("roles/secretmanager.secretAccessor")
                    && binding.path("secret_id").asText().contains(".npm_token.")) {
                readers.add(binding.path("member").asText());
            }
        });

        assertThat(readers)
                .containsExactlyInAnyOrder(
                        member(Samples.WORK.buildAccount("shop", TrustLevel.TRUSTED, List.of("npm-token"))),
                        member(Samples.WORK.buildAccount("shop", TrustLevel.INTERNAL, List.of("npm-token"))));
    }

    private static String member(String address) {
        return Access.member(address).member();
    }

    @Test
    void roles_lie_on_single_resources_but_those_that_no_service_knows_a_smaller_place_for() {
        JsonNode resources = written(Samples.everything("production")).path("resource");
        List<String> wide = new ArrayList<>();
        resources.path("google_project_iam_member").properties().forEach(each -> {
            if (!each.getValue().has("condition")) {
                wide.add(each.getValue()
                        .path("role")
                        .asText()
                        .replaceAll("\\$\\{google_project_iam_custom_role\\.([a-z_]+)\\.id}", "$1"));
            }
        });

        assertThat(wide)
                .containsOnly(
                        "builder",
                        "build_reader",
                        "code_uploader",
                        "log_reader",
                        "log_writer",
                        "roles/cloudbuild.builds.builder");
    }

    @Test
    void the_payload_has_no_index_and_what_ends_is_deleted_by_its_time() {
        JsonNode fields = written().path("resource").path("google_firestore_field");

        assertThat(fields.path("records_others").path("index_config")).isEmpty();
        assertThat(fields.path("records_ttl").has("ttl_config")).isTrue();
        assertThat(fields.path("inbox_ttl").isMissingNode()).isTrue();
        assertThat(fields.path("runs_s").path("index_config").path("indexes")).hasSize(2);
    }

    @Test
    void without_function_stages_there_is_neither_a_worker_nor_a_queue_for_it() {
        JsonNode resources = written(Samples.building()).path("resource");

        assertThat(resources.path("google_cloudfunctions2_function").properties())
                .hasSize(2);
        assertThat(resources.path("google_cloud_tasks_queue").properties()).hasSize(1);
    }

    @Test
    void a_pipeline_of_cloud_deploy_is_handed_releases_and_its_messages_are_heard() {
        ObjectNode configuration = written(Samples.everything("delivered"));
        JsonNode resources = configuration.path("resource");

        assertThat(TerraformCheck.wrong(configuration)).isEmpty();
        assertThat(resources
                        .path("google_clouddeploy_delivery_pipeline_iam_member")
                        .properties())
                .hasSize(1);
        assertThat(resources.path("google_pubsub_subscription").findValuesAsText("topic"))
                .contains(
                        "projects/shop-301412/topics/clouddeploy-advances",
                        "projects/shop-301412/topics/clouddeploy-approvals",
                        "projects/shop-301412/topics/clouddeploy-operations",
                        "projects/shop-301412/topics/cloud-builds");
        assertThat(resources.has("google_cloudfunctions2_function_iam_member")).isFalse();
    }

    @Test
    void an_environment_without_a_binding_is_refused_with_those_that_are_bound() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(Samples.everything("staging")))
                .withMessageContaining("'staging'")
                .withMessageContaining("it has: delivered, production");
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Samples.NAMES;
import static dev.cumulane.cloud.contract.Installed.plan;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.canary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.contract.Installed.Smoke;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What is installed for pipelines, and that each identity may do just what they need. */
class BicepBlueprintTest {
    private static final WorkNames WORK = new WorkNames(NAMES);

    private static Template written(Plan... plans) {
        return Samples.blueprint().written(Samples.demand(plans), Samples.CODE);
    }

    private static Grants grants(Plan... plans) {
        return Grants.of(ArmText.of(written(plans)));
    }

    private static List<JsonNode> ofKind(Kind kind, Plan... plans) {
        return StreamSupport.stream(ArmText.of(written(plans)).path("resources").spliterator(), false)
                .filter(resource -> resource.path("type").asText().equals(kind.type()))
                .toList();
    }

    @Test
    void the_text_is_what_the_resource_manager_gets() {
        Blueprint.Demand demand = Samples.demand(plan("shop", true), plan("cart", false));

        assertThat(BicepCheck.compile(Samples.blueprint().template(demand, Samples.CODE)))
                .isEqualTo(ArmText.of(Samples.blueprint().written(demand, Samples.CODE)));
    }

    @Test
    void the_text_is_the_same_whatever_the_order_of_pipelines() {
        assertThat(Samples.blueprint().template(Samples.demand(plan("shop", true), plan("cart", false)), Samples.CODE))
                .isEqualTo(Samples.blueprint()
                        .template(Samples.demand(plan("cart", false), plan("shop", true)), Samples.CODE));
    }

    @Test
    void there_is_a_function_app_for_each_role_with_a_plan_an_identity_and_an_account_to_itself() {
        int workers = TrustLevel.values().length + 2;

        assertThat(ofKind(Kind.APP, plan("shop", true))).hasSize(2 + workers);
        assertThat(ofKind(Kind.PLAN, plan("shop", true))).hasSize(2 + workers);
        assertThat(ofKind(Kind.IDENTITY, plan("shop", true))).hasSize(2 + workers);
        assertThat(ofKind(Kind.STORAGE, plan("shop", true))).hasSize(1 + 2 + workers);
        assertThat(ofKind(Kind.APP, plan("cart", false))).hasSize(2);
    }

    @Test
    void only_the_workers_of_its_set_read_a_secret_and_never_an_untrusted_one() {
        assertThat(grants(plan("shop", true)).who("Microsoft.KeyVault/vaults/secrets/getSecret/action", "/probe-key"))
                .containsExactlyInAnyOrder(
                        NAMES.identity(WORK.worker(TrustLevel.TRUSTED, List.of("probe-key"))),
                        NAMES.identity(WORK.worker(TrustLevel.INTERNAL, List.of("probe-key"))));
    }

    @Test
    void the_functions_find_the_secrets_of_builds_and_read_none_of_them() {
        Grants grants = grants(plan("shop", true));

        assertThat(grants.who("Microsoft.KeyVault/vaults/secrets/getSecret/action", "/npm-token"))
                .isEmpty();
        assertThat(grants.who("Microsoft.KeyVault/vaults/secrets/readMetadata/action", "/npm-token"))
                .containsExactly("shop-ci-engine", "shop-ci-ingress");
        assertThat(grants.who("Microsoft.KeyVault/vaults/secrets/getSecret/action", "/ticket-key"))
                .containsExactly("shop-ci-engine", "shop-ci-ingress");
    }

    @Test
    void nobody_overwrites_a_claim_or_a_result() {
        for (JsonNode assignment : ofKind(Kind.ROLE_ASSIGNMENT, plan("shop", true))) {
            String condition = assignment.at("/properties/condition").asText();
            if (condition.contains("blobs/write'")) {
                assertThat(condition).contains("StringStartsWith 'objects/'").doesNotContain("claims", "results");
            }
        }
        assertThat(grants(plan("shop", true))
                        .who("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete", "/artifacts"))
                .isEmpty();
    }

    @Test
    void only_the_engine_writes_the_journal_and_takes_signals() {
        Grants grants = grants(plan("shop", true));

        assertThat(grants.who("Microsoft.Storage/storageAccounts/tableServices/tables/entities/write", "/journal"))
                .containsExactly("shop-ci-engine");
        assertThat(grants.who(
                        "Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action", "/signals"))
                .containsExactly("shop-ci-engine");
    }

    @Test
    void no_role_allows_all_actions_and_none_is_given_on_more_than_one_resource() {
        for (JsonNode role : ofKind(Kind.ROLE, plan("shop", true))) {
            List<String> actions = new ArrayList<>();
            role.at("/properties/permissions/0/actions").forEach(each -> actions.add(each.asText()));
            role.at("/properties/permissions/0/dataActions").forEach(each -> actions.add(each.asText()));
            assertThat(actions).isNotEmpty().allMatch(action -> action.matches("Microsoft\\.[A-Za-z/.]+"));
        }
        assertThat(ofKind(Kind.ROLE_ASSIGNMENT, plan("shop", true)))
                .allMatch(assignment -> assignment.path("scope").asText().split("/").length >= 3);
        assertThat(ofKind(Kind.ROLE_ASSIGNMENT, deploying("production")).stream()
                        .filter(assignment -> assignment.path("scope").isMissingNode()))
                .hasSize(1);
    }

    @Test
    void the_host_of_an_app_owns_its_own_account_and_no_other() {
        assertThat(grants(plan("shop", true)).owners())
                .hasSize(2 + TrustLevel.values().length + 2)
                .doesNotContainKey("Microsoft.Storage/storageAccounts/" + NAMES.account())
                .allSatisfy((account, owners) -> assertThat(owners).hasSize(1));
    }

    @Test
    void a_storage_account_knows_no_keys() {
        assertThat(ofKind(Kind.STORAGE, plan("shop", true)))
                .allMatch(account ->
                        !account.at("/properties/allowSharedKeyAccess").asBoolean(true))
                .allMatch(account ->
                        !account.at("/properties/allowBlobPublicAccess").asBoolean(true));
    }

    @Test
    void builds_without_a_project_of_azure_devops_are_refused_by_name() {
        BicepBlueprint without = new BicepBlueprint(WORK, Optional.empty(), new TreeMap<>());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> without.template(Samples.demand(plan("cart", false)), Samples.CODE))
                .withMessageContaining("pipeline 'cart' has container builds")
                .withMessageContaining("devOps(organization, project)");
    }

    @Test
    void an_environment_without_a_binding_is_refused_with_those_that_have_one() {
        Plan plan = deploying("staging");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.blueprint().template(Samples.demand(plan), Samples.CODE))
                .withMessageContaining("environment 'staging'")
                .withMessageContaining("it has: production");
    }

    @Test
    void the_engine_may_change_the_app_that_a_pipeline_deploys_to_and_no_other() {
        assertThat(grants(deploying("production")).who("Microsoft.App/containerApps/write", "containerApps/shop-api"))
                .containsExactly("shop-ci-engine");
        assertThat(grants(plan("cart", false)).words()).noneMatch(each -> each.contains("Microsoft.App/"));
        assertThat(BicepCheck.compile(
                        Samples.blueprint().template(Samples.demand(deploying("production")), Samples.CODE)))
                .isEqualTo(ArmText.of(written(deploying("production"))));
    }

    private static Plan deploying(String where) {
        return Pipeline.define("shop", p -> {
                    var smoke = p.function("smoke", Smoke.class).writes("image");
                    p.deploy(smoke.artifact("image"), environment(where))
                            .rollingOut(
                                    canary(10).holding(Duration.ofMinutes(5)).rollingBackOnAlarm("shop-5xx"));
                })
                .plan();
    }
}

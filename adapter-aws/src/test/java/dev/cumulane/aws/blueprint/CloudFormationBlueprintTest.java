// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Samples.plan;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Metric;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.TrustLevel;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is installed for pipelines, and that each role may do just what they need. */
class CloudFormationBlueprintTest {
    private static final AwsNames NAMES = Samples.names("shop-ci");
    private static final WorkNames WORK = new WorkNames(NAMES);

    @TempDir
    Path directory;

    private static String template(List<Plan> plans) {
        return Samples.blueprint(NAMES).template(Samples.demand(plans.toArray(Plan[]::new)), Samples.CODE);
    }

    private static JsonNode resources(Plan... plans) throws Exception {
        return new ObjectMapper().readTree(template(List.of(plans))).path("Resources");
    }

    private static List<JsonNode> ofType(JsonNode resources, String type) {
        return StreamSupport.stream(resources.spliterator(), false)
                .filter(resource -> resource.path("Type").asText().equals(type))
                .toList();
    }

    private static JsonNode role(JsonNode resources, String name) {
        return ofType(resources, "AWS::IAM::Role").stream()
                .filter(role ->
                        role.path("Properties").path("RoleName").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void each_pipeline_has_a_project_for_each_trust_level() throws Exception {
        JsonNode resources = resources(plan("shop", true), plan("cart", false));

        assertThat(ofType(resources, "AWS::CodeBuild::Project"))
                .extracting(project -> project.path("Properties").path("Name").asText())
                .containsExactlyInAnyOrder(
                        "shop-ci-shop-trusted",
                        "shop-ci-shop-internal",
                        "shop-ci-shop-untrusted",
                        "shop-ci-cart-trusted",
                        "shop-ci-cart-internal",
                        "shop-ci-cart-untrusted");
    }

    @Test
    void only_the_role_of_its_set_reads_a_secret_and_never_an_untrusted_one() throws Exception {
        JsonNode resources = resources(plan("shop", true));

        List<String> readers = new ArrayList<>();
        for (JsonNode role : ofType(resources, "AWS::IAM::Role")) {
            for (JsonNode statement : role.at("/Properties/Policies/0/PolicyDocument/Statement")) {
                String text = statement.toString();
                if (text.contains("secretsmanager:GetSecretValue") && text.contains("/npm-token-")) {
                    readers.add(role.at("/Properties/RoleName").asText());
                }
            }
        }
        assertThat(readers)
                .containsExactlyInAnyOrder(
                        WORK.buildRole("shop-ci-shop-trusted", List.of("npm-token")),
                        WORK.buildRole("shop-ci-shop-internal", List.of("npm-token")));
        assertThat(role(resources, WORK.buildRole("shop-ci-shop-untrusted", List.of()))
                        .toString())
                .doesNotContain("secretsmanager", "s3:", "sqs:", "lambda:");
    }

    @Test
    void no_statement_allows_all_actions_and_all_resources_only_where_the_service_knows_no_others() throws Exception {
        for (JsonNode role : ofType(resources(plan("shop", true)), "AWS::IAM::Role")) {
            for (JsonNode statement : role.at("/Properties/Policies/0/PolicyDocument/Statement")) {
                statement
                        .path("Action")
                        .forEach(action -> assertThat(action.asText()).matches("[a-z0-9]+:[A-Z][A-Za-z]+"));
                statement.path("Resource").forEach(resource -> {
                    if (resource.asText().equals("*")) {
                        assertThat(statement.path("Action").toString()).isEqualTo("[\"ecr:GetAuthorizationToken\"]");
                    }
                });
            }
        }
    }

    @Test
    void the_engine_may_deploy_only_where_a_pipeline_deploys() throws Exception {
        assertThat(role(resources(plan("shop", true)), "shop-ci-engine").toString())
                .contains("lambda:UpdateAlias", "function:shop-api");
        assertThat(role(resources(plan("cart", false)), "shop-ci-engine").toString())
                .doesNotContain("lambda:", "iam::${AWS::AccountId}:role/shop-ci-build");
    }

    @Test
    void a_worker_is_called_by_the_alias_of_its_code_and_is_never_retried() throws Exception {
        JsonNode resources = resources(plan("shop", true));

        assertThat(ofType(resources, "AWS::Lambda::Alias")).hasSize(TrustLevel.values().length);
        for (JsonNode invocations : ofType(resources, "AWS::Lambda::EventInvokeConfig")) {
            assertThat(invocations.at("/Properties/MaximumRetryAttempts").asInt(-1))
                    .isZero();
            assertThat(invocations.at("/Properties/Qualifier").asText())
                    .isEqualTo(WorkNames.alias(Samples.CODE.digest()));
            assertThat(invocations.at("/DeletionPolicy").asText()).isEqualTo("RetainExceptOnCreate");
        }
    }

    @Test
    void engine_and_ingress_read_their_own_secrets_and_the_key_of_tickets_is_made() throws Exception {
        JsonNode resources = resources(plan("cart", false));

        assertThat(role(resources, "shop-ci-ingress").toString())
                .contains("secret:shop-ci/github-webhook-??????", "secret:shop-ci/ticket-key-??????")
                .doesNotContain("forge-token");
        assertThat(role(resources, "shop-ci-engine").toString())
                .contains("parameter/shop-ci/forge-token", "secret:shop-ci/ticket-key-??????")
                .doesNotContain("github-webhook");
        assertThat(ofType(resources, "AWS::SecretsManager::Secret"))
                .singleElement()
                .satisfies(secret ->
                        assertThat(secret.at("/Properties/Name").asText()).isEqualTo("shop-ci/ticket-key"));
    }

    @Test
    void objects_claims_and_results_are_created_only_if_absent() throws Exception {
        JsonNode policy =
                ofType(resources(plan("shop", true)), "AWS::S3::BucketPolicy").get(0);

        assertThat(policy.toString())
                .contains(
                        "\"Effect\":\"Deny\"",
                        "/objects/*",
                        "/claims/*",
                        "/results/*",
                        "{\"Null\":{\"s3:if-none-match\":\"true\"},\"Bool\":{\"s3:ObjectCreationOperation\":\"true\"}}");
    }

    @Test
    void the_functions_are_told_every_variable_that_they_read() throws Exception {
        JsonNode resources = resources(plan("shop", true));
        List<String> read = new ArrayList<>();
        for (Field constant : AwsVariables.class.getFields()) {
            read.add((String) constant.get(null));
        }
        // Of an installation that updates itself only.
        read.remove(AwsVariables.WORKERS);

        for (JsonNode function : ofType(resources, "AWS::Lambda::Function")) {
            JsonNode variables = function.at("/Properties/Environment/Variables");
            List<String> expected = new ArrayList<>(read);
            if (!variables.path(AwsVariables.ROLE).asText().equals("engine")) {
                expected.remove(AwsVariables.INGRESS);
            }
            assertThat(variables.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void an_environment_without_a_binding_is_named_with_those_there_are() {
        Plan plan = Pipeline.define("shop", p -> {
                    var build = p.build(
                            "build", container("maven:3.9").runs("mvn package").writes("jar", "target/shop.jar"));
                    p.deploy(build.artifact("jar"), environment("staging"));
                })
                .plan();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> template(List.of(plan)))
                .withMessage(
                        "a pipeline deploys to environment 'staging', which cloud aws has no binding for; it has: production");
    }

    @Test
    void the_dashboard_is_json_and_each_alarm_watches_what_is_installed() throws Exception {
        JsonNode resources = resources(plan("shop", true));
        String body = ofType(resources, "AWS::CloudWatch::Dashboard")
                .get(0)
                .at("/Properties/DashboardBody/Fn::Sub")
                .asText();

        JsonNode widgets = new ObjectMapper().readTree(body).path("widgets");
        List<String> shown = new ArrayList<>();
        widgets.forEach(widget -> widget.at("/properties/metrics")
                .forEach(metric -> shown.add(metric.path(1).asText())));

        assertThat(widgets).hasSize(7);
        assertThat(shown)
                .containsAll(Arrays.stream(Metric.values()).map(Metric::text).toList());
        assertThat(shown.stream().filter(name -> name.contains(".")))
                .isSubsetOf(Arrays.stream(Metric.values()).map(Metric::text).toList());
        assertThat(ofType(resources, "AWS::CloudWatch::Alarm"))
                .extracting(alarm -> alarm.at("/Properties/Dimensions/0/Value").asText())
                .containsExactly("shop-ci-signals-dead", "shop-ci-engine", "shop-ci-ingress", "shop-ci-signals");
    }

    @Test
    void only_what_attempts_and_caches_leave_is_deleted_after_a_time() throws Exception {
        JsonNode rules = ofType(resources(plan("shop", true)), "AWS::S3::Bucket")
                .get(0)
                .at("/Properties/LifecycleConfiguration/Rules");

        assertThat(rules)
                .filteredOn(rule -> rule.has("ExpirationInDays"))
                .extracting(rule -> rule.path("Prefix").asText())
                .containsExactly("claims/", "cancel/", "results/", "caches/");
    }

    @Test
    void of_earlier_code_the_last_twenty_stay_and_as_many_as_there_is_room_for() {
        String template = Samples.blueprint(NAMES).template(Samples.demand(plan("shop", true)), Samples.CODE);
        for (int i = 1; i <= 25; i++) {
            Blueprint.Code code = new Blueprint.Code("shop.ci.ShopCi", Digest.of(new byte[] {(byte) i}));
            template = Deployed.parse(template)
                    .followedBy(Samples.blueprint(NAMES).template(Samples.demand(plan("shop", true)), code));
        }

        assertThat(template)
                .contains(Template.id(WorkNames.alias(Digest.of(new byte[] {25}))))
                .contains(Template.id(WorkNames.alias(Digest.of(new byte[] {5}))))
                .doesNotContain(Template.id(WorkNames.alias(Digest.of(new byte[] {4}))));
    }

    @Test
    void equal_pipelines_give_equal_templates() {
        List<Plan> plans = List.of(plan("shop", true), plan("cart", false));

        assertThat(template(plans)).isEqualTo(template(plans));
    }

    @Test
    void cfn_lint_has_nothing_against_it_and_finds_a_planted_mistake() throws Exception {
        String good = template(List.of(plan("shop", true), plan("cart", false)));

        Blueprint.Code other = new Blueprint.Code("shop.ci.ShopCi", Digest.of("another jar".getBytes(UTF_8)));
        String next = Samples.blueprint(NAMES).template(Samples.demand(plan("shop", true)), other);

        assertThat(CfnLint.problems(directory, good)).isEmpty();
        assertThat(CfnLint.problems(directory, Deployed.parse(good).followedBy(next)))
                .isEmpty();
        assertThat(CfnLint.problems(directory, good.replace("\"BatchSize\"", "\"BatchSizes\"")))
                .contains("BatchSizes");
    }
}

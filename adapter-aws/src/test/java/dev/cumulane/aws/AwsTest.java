// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.CountedCalls;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.aws.journal.JournalTable;
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
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

final class AwsTest {
    private static final StreamId LOCK = StreamId.environment("production");

    private final CountedCalls calls = new CountedCalls();

    @Test
    void connecting_calls_nothing_and_each_port_only_its_own_service() {
        String namespace = Moto.name("ns");
        create(namespace);
        try (AwsCloud cloud = described(namespace).connect()) {
            assertThat(calls.calls()).isEmpty();

            cloud.journal().append(LOCK, 1, new byte[] {1});
            cloud.signals().send(new SignalEnvelope("s-1", LOCK, new byte[] {1}));
            Digest stored = cloud.artifacts().put("hello".getBytes(UTF_8));

            assertThat(cloud.artifacts().has(stored)).isTrue();
            // The bucket's name has the account in it, which nobody has said: the token service is asked, once.
            assertThat(calls.calls())
                    .isEqualTo(Map.of(
                            "DynamoDb.PutItem", 1,
                            "Sqs.GetQueueUrl", 1,
                            "Sqs.SendMessage", 1,
                            "Sts.GetCallerIdentity", 1,
                            "S3.PutObject", 1,
                            "S3.HeadObject", 1));
        }
    }

    @Test
    void a_deployed_function_knows_account_ingress_and_code_from_its_environment() {
        String digest = "0f".repeat(32);
        Aws aws = new Aws(
                Region.of("eu-west-1"),
                Map.of(
                        Aws.ACCOUNT_VARIABLE, "123456789012",
                        Aws.INGRESS_VARIABLE, "https://k3v9.lambda-url.eu-west-1.on.aws/",
                        Aws.CODE_VARIABLE, digest));
        try (AwsCloud cloud = aws.namespace("shop-ci").connect()) {
            assertThat(cloud.names().bucket()).isEqualTo("shop-ci-123456789012-eu-west-1");
            assertThat(cloud.names().queueArn()).isEqualTo("arn:aws:sqs:eu-west-1:123456789012:shop-ci-signals");
            assertThat(cloud.workEndpoint().orElseThrow().address())
                    .isEqualTo(URI.create("https://k3v9.lambda-url.eu-west-1.on.aws/work"));
            assertThat(cloud.deployedCode()).contains(new Digest(digest));
        }
    }

    @Test
    void what_the_cloud_can_do_is_told_without_asking_it() {
        try (AwsCloud cloud = Aws.inRegion("eu-west-1")
                .environment("production", e -> e.function("shop-api").alias("live"))
                .connect()) {
            assertThat(cloud.name()).isEqualTo("aws");
            assertThat(cloud.capabilities()).contains(Capability.ALARMS, Capability.LONG_FUNCTION);
            assertThat(cloud.capabilities()).doesNotContain(Capability.SERVICES, Capability.GIT);
            assertThat(cloud.longestFunction()).contains(Duration.ofMinutes(15));
            assertThat(cloud.deliveries().environments())
                    .as("what is configured, and Cumulane itself")
                    .containsExactly("cumulane", "production");
        }
    }

    @Test
    void a_call_without_permission_is_a_failure_that_stays_and_says_what_was_refused() {
        String denied =
                "{\"__type\":\"AccessDeniedException\",\"message\":\"not authorized to perform: dynamodb:PutItem\"}";
        try (Scripted refusing = new Scripted().then(400, denied);
                AwsCloud cloud = described("shop-ci")
                        .endpoint("dynamodb", refusing.endpoint())
                        .connect()) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> cloud.journal().append(LOCK, 1, new byte[0]))
                    .withMessageContaining("append record 1 of environment/production")
                    .withMessageContaining("dynamodb:PutItem")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThat(refusing.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eu west 1", "eu-west-1\n", "EU-WEST-1", "eu-west-1.evil.example", "eu"})
    void what_is_no_region_is_refused(String region) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Aws.inRegion(region))
                .withMessageContaining("eu-west-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ab", "1shop", "shop_ci", "Shop", "shop--ci", "shop-", "a123456789012345678901234", "s p"})
    void what_is_no_namespace_is_refused(String namespace) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Aws.inRegion("eu-west-1").namespace(namespace))
                .withMessageContaining("such as shop-ci");
    }

    @Test
    void other_mistakes_of_a_description_are_refused() {
        Aws aws = Aws.inRegion("eu-west-1").environment("production", e -> e.function("shop-api"));

        assertThatIllegalArgumentException().isThrownBy(() -> aws.account("12345"));
        assertThatIllegalArgumentException().isThrownBy(() -> aws.keeping(Duration.ofDays(29)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> aws.environment("production", e -> e.function("other")))
                .withMessageContaining("bound twice");
    }

    @Test
    void the_command_line_finds_the_cloud_by_its_name() {
        CloudProvider provider = CloudProvider.all().stream()
                .filter(each -> each.name().equals("aws"))
                .findFirst()
                .orElseThrow();

        try (var cloud = provider.open(new TreeMap<>(Map.of("region", "eu-west-1", "namespace", "shop-ci")))) {
            assertThat(((AwsCloud) cloud).names()).hasToString("shop-ci in eu-west-1");
        }
        assertThat(provider.settings()).containsOnlyKeys("region", "namespace", "account");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider.open(new TreeMap<>(Map.of("region", "mars"))))
                .withMessageContaining("mars");
    }

    private Aws described(String namespace) {
        return Aws.inRegion("eu-west-1")
                .namespace(namespace)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .endpoint("dynamodb", LocalDynamoDb.endpoint())
                .endpoint("*", Moto.endpoint())
                .watchedBy(calls);
    }

    private static void create(String namespace) {
        try (AwsClients clients =
                Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint(), "*", Moto.endpoint()))) {
            clients.dynamoDb().createTable(JournalTable.definition(namespace + "-journal"));
            clients.sqs().createQueue(request -> request.queueName(namespace + "-signals"));
            clients.s3()
                    .createBucket(request -> request.bucket(namespace + "-123456789012-eu-west-1")
                            .createBucketConfiguration(where -> where.locationConstraint("eu-west-1")));
        }
    }
}

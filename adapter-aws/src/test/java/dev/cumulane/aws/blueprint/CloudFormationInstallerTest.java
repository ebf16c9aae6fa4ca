// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import static dev.cumulane.aws.blueprint.Samples.archive;
import static dev.cumulane.aws.blueprint.Samples.demand;
import static dev.cumulane.aws.blueprint.Samples.plan;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.aws.fake.FakeCloudFormation;
import dev.cumulane.aws.journal.JournalTable;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Installer.Change;
import dev.cumulane.cloud.Pace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Installing, changing and removing on a CloudFormation of ours; the buckets are moto's. */
class CloudFormationInstallerTest {
    private static final Pace QUICK = new Pace(Duration.ofMillis(1), Duration.ofSeconds(30));

    @TempDir
    Path directory;

    private final AwsNames names = Samples.names(Moto.name("i"));
    private final FakeCloudFormation cloudFormation = new FakeCloudFormation(this::download);
    private final List<String> progress = new ArrayList<>();
    private AwsClients clients;
    private Installer installer;

    @BeforeEach
    void connect() {
        clients = Emulators.clients(Map.of(
                "cloudformation",
                cloudFormation.endpoint(),
                "s3",
                Moto.endpoint(),
                "dynamodb",
                LocalDynamoDb.endpoint()));
        installer = new CloudFormationInstaller(clients, names, Samples.blueprint(names), QUICK);
    }

    @AfterEach
    void nothing_was_said_that_the_interface_does_not_allow() {
        assertThat(cloudFormation.violations()).isEmpty();
        clients.close();
        cloudFormation.close();
    }

    /** With the caller's rights, as CloudFormation does. */
    private byte[] download(String url) {
        String[] path = URI.create(url).getPath().substring(1).split("/", 2);
        return clients.s3()
                .getObjectAsBytes(request -> request.bucket(path[0]).key(path[1]))
                .asByteArray();
    }

    private Installer.Installed install(Blueprint.Demand demand, String code) throws IOException {
        progress.clear();
        return installer.install(demand, archive(directory, code), progress::add);
    }

    @Test
    void the_first_installation_makes_everything_and_tells_where_ingress_answers() throws Exception {
        Installer.Installed installed = install(demand(plan("shop", true)), "one");

        assertThat(installed)
                .isEqualTo(new Installer.Installed(true, URI.create("https://k3v9.lambda-url.eu-west-1.on.aws")));
        assertThat(progress)
                .startsWith(
                        "uploading one.jar to bucket " + names.codeBucket(),
                        "creating stack " + names.stack() + " in eu-west-1")
                .contains(
                        "Lambda function " + names.namespace() + "-engine is created",
                        "DynamoDB table " + names.table() + " is created");
        assertThat(cloudFormation.resources(names.stack())).contains("Journal", "Artifacts", "Signals");
    }

    @Test
    void the_same_again_changes_nothing() throws Exception {
        install(demand(plan("shop", true)), "one");
        int uploads = cloudFormation.requests("POST").size();

        assertThat(install(demand(plan("shop", true)), "one").changed()).isFalse();
        assertThat(progress).isEmpty();
        assertThat(cloudFormation.requests("POST").size() - uploads).isLessThan(6);
    }

    @Test
    void other_code_keeps_what_runs_in_flight_call_and_the_first_code_can_come_back() throws Exception {
        install(demand(plan("shop", true)), "one");
        List<String> first = cloudFormation.resources(names.stack());
        String one = id(archive(directory, "one"));
        String two = id(archive(directory, "two"));

        install(demand(plan("shop", true)), "two");
        assertThat(cloudFormation.resources(names.stack())).containsAll(first).anyMatch(id -> id.contains(two));

        assertThat(install(demand(plan("shop", true)), "one").changed()).isTrue();
        assertThat(cloudFormation.resources(names.stack()))
                .anyMatch(id -> id.contains(one))
                .anyMatch(id -> id.contains(two));
        assertThat(progress).noneMatch(line -> line.contains("could not"));
    }

    private static String id(Installer.Archive archive) {
        return Template.id(WorkNames.alias(archive.code().digest()));
    }

    @Test
    void the_difference_names_resources_and_single_permissions() throws Exception {
        install(demand(plan("shop", false)), "one");

        assertThat(installer.changes(demand(plan("shop", false)))).isEmpty();
        List<Change> changes = installer.changes(demand(plan("shop", true)));
        String engine = "IAM role " + names.namespace() + "-engine";
        assertThat(changes)
                .contains(
                        new Change(Change.Kind.ADDED, "Lambda function " + names.namespace() + "-worker-trusted"),
                        new Change(Change.Kind.ADDED, engine + " may lambda:UpdateAlias on function:shop-api"))
                .noneMatch(change -> change.what().contains("Journal") && change.kind() == Change.Kind.REMOVED);

        install(demand(plan("shop", true)), "one");
        assertThat(installer.changes(demand(plan("shop", false))))
                .contains(new Change(Change.Kind.REMOVED, engine + " may lambda:UpdateAlias on function:shop-api"));
    }

    @Test
    void where_nothing_is_installed_everything_is_a_difference() {
        assertThat(installer.changes(demand(plan("shop", false))))
                .contains(new Change(Change.Kind.ADDED, "DynamoDB table " + names.table()))
                .allMatch(change -> change.kind() == Change.Kind.ADDED);
    }

    @Test
    void a_failed_creation_says_what_failed_and_is_cleared_away_by_the_next() throws Exception {
        cloudFormation.fail("Signals", "Queue name is taken");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessage("stack " + names.stack() + " in eu-west-1 is ROLLBACK_COMPLETE: SQS queue " + names.queue()
                        + " could not be created: Queue name is taken")
                .matches(e -> !e.retryable());

        assertThat(install(demand(plan("shop", false)), "one").changed()).isTrue();
        assertThat(progress).contains("deleting what an earlier, failed creation left (ROLLBACK_COMPLETE)");
    }

    @Test
    void a_failed_change_says_what_failed_and_leaves_what_was() throws Exception {
        install(demand(plan("shop", false)), "one");
        cloudFormation.fail(Template.id(names.namespace() + "-engine"), "Handler is wrong");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", true)), "two"))
                .withMessageContaining("is UPDATE_ROLLBACK_COMPLETE: Lambda function " + names.namespace()
                        + "-engine could not be changed: Handler is wrong");
        assertThat(install(demand(plan("shop", true)), "two").changed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"})
    void a_stack_that_cannot_be_changed_is_named_with_its_status(String status) {
        cloudFormation.setStatus(names.stack(), status);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessageContaining("is " + status + " and cannot be changed");
    }

    @Test
    void a_stack_of_somebody_else_is_left_alone() {
        cloudFormation.foreign(names.stack());

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessageContaining("was not made by Cumulane; choose another namespace");
        assertThatExceptionOfType(CloudException.class).isThrownBy(() -> installer.remove(progress::add));
        assertThat(cloudFormation.requests("POST"))
                .noneMatch(request -> new String(request.body(), UTF_8).matches(".*Action=(Update|Delete)Stack.*"));
    }

    @Test
    void missing_rights_are_told_in_the_words_of_the_service() {
        cloudFormation.deny();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessageContaining("is not authorized to perform: cloudformation:DescribeStacks")
                .matches(e -> !e.retryable());
    }

    @Test
    void throttles_and_lost_answers_are_survived_and_nothing_is_done_twice() throws Exception {
        cloudFormation.throttle(2);
        assertThat(install(demand(plan("shop", false)), "one").changed()).isTrue();
        cloudFormation.loseAnswers(3);
        assertThat(install(demand(plan("shop", true)), "two").changed()).isTrue();
    }

    @Test
    void removing_deletes_stack_table_and_buckets_and_a_second_time_finds_nothing() throws Exception {
        install(demand(plan("shop", true)), "one");
        clients.dynamoDb().createTable(JournalTable.definition(names.table()));
        clients.s3()
                .createBucket(request -> request.bucket(names.bucket())
                        .createBucketConfiguration(each -> each.locationConstraint("eu-west-1")));
        for (int i = 0; i < 3; i++) {
            String key = "objects/" + i;
            clients.s3().putObject(request -> request.bucket(names.bucket()).key(key), RequestBody.fromString("bytes"));
        }

        assertThat(installer.belongings())
                .contains(
                        new Installer.Belonging("DynamoDB table " + names.table() + ": every run's history", true),
                        new Installer.Belonging("S3 bucket " + names.bucket() + ": every artifact and plan", true),
                        new Installer.Belonging("S3 bucket " + names.codeBucket() + ": installed packages", false));
        installer.remove(progress::add);

        assertThat(installer.belongings()).isEmpty();
        progress.clear();
        installer.remove(progress::add);
        assertThat(progress).isEmpty();
        assertThat(install(demand(plan("shop", true)), "one").changed()).isTrue();
    }

    @Test
    void a_deletion_that_fails_says_at_what() throws Exception {
        install(demand(plan("shop", false)), "one");
        cloudFormation.fail("Bus", "it is used");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> installer.remove(progress::add))
                .withMessageContaining("is DELETE_FAILED: Events event bus");
    }
}

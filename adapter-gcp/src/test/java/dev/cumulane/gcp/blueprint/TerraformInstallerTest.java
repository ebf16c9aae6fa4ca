// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.blueprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.cloud.run.v2.TrafficTarget;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Pace;
import dev.cumulane.cloud.contract.Installed;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.contracts.Needed;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeBuckets;
import dev.cumulane.gcp.fake.FakeFunctions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a script that plays Terraform; once against Terraform itself, with a configuration that needs no provider. */
final class TerraformInstallerTest {
    private static final String BUCKET = "shop-ci-shop-301412-install";
    private static final Pace PACE = new Pace(Duration.ofMillis(2), Duration.ofSeconds(20));
    private static final String PLAYED = """
            #!/bin/sh
            here='%1$s'
            echo "$*" >>"$here/calls.txt"
            case "$*" in
                init*) [ -f backend.tf.json ] && [ -f terraform.tfvars.json ] && echo done ;;
                plan*-destroy*) [ -f "$here/applied" ] && cp main.tf.json destroy && exit 2; exit 0 ;;
                plan*)
                    if [ -f "$here/broken" ]; then
                        printf '%%s\\n' '{"@level":"error","type":"diagnostic","diagnostic":{"severity":"error","summary":"Permission denied","detail":"on the\\nproject","address":"google_pubsub_topic.signals"}}'
                        exit 1
                    fi
                    cmp -s main.tf.json "$here/applied" && exit 0
                    exit 2 ;;
                apply*)
                    [ -f destroy ] && rm "$here/applied" destroy && exit 0
                    cp main.tf.json "$here/applied"
                    printf '%%s\\n' '{"@level":"info","@message":"google_pubsub_topic.signals: Creation complete after 1s","type":"apply_complete"}' ;;
                output*) echo '{"ingress":{"value":"https://shop-ci-ingress-k3v9-ew.a.run.app/"}}' ;;
                *) exit 64 ;;
            esac
            """;

    @TempDir
    Path directory;

    private final FakeBuckets buckets = new FakeBuckets();
    private final Scripted pubSub = topics();
    private final GcpClients clients =
            Emulators.clients(Map.of("storage", buckets.endpoint(), "pubsub", pubSub.endpoint()));
    private final GrpcClients grpc = new GrpcClients(clients);
    private final List<String> told = new ArrayList<>();
    private Installer installer;

    @BeforeEach
    void open() throws IOException {
        Path script = Files.writeString(directory.resolve("terraform"), PLAYED.formatted(directory));
        assertThat(script.toFile().setExecutable(true)).isTrue();
        installer = installer(Samples.blueprint(), script.toString(), Map.of("local", Map.of()));
    }

    @AfterEach
    void close() {
        grpc.close();
        buckets.close();
        pubSub.close();
    }

    /** The topic of builds is made once; after that it is there. */
    private static Scripted topics() {
        String there =
                "{\"error\":{\"code\":409,\"message\":\"Resource already exists\",\"status\":\"ALREADY_EXISTS\"}}";
        return new Scripted().then(200, "{}").then(409, there).then(409, there);
    }

    private Installer installer(Blueprint blueprint, String command, Map<String, Object> backend) {
        return new TerraformInstaller(
                () -> clients.api("storage"),
                () -> clients.api("pubsub"),
                grpc::services,
                Samples.NAMES,
                blueprint,
                new TerraformInstaller.Tools(command, backend, PACE));
    }

    private Installer.Archive archive(String content) throws IOException {
        return Installed.archive(directory, content);
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(directory.resolve("calls.txt")).stream()
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
    }

    private static Blueprint.Demand demand() {
        return Samples.demand(Samples.building());
    }

    @Test
    void what_is_installed_twice_is_changed_once() throws IOException {
        Installer.Installed first = installer.install(demand(), archive("one"), told::add);
        Installer.Installed second = installer.install(demand(), archive("one"), told::add);

        assertThat(first)
                .isEqualTo(new Installer.Installed(true, URI.create("https://shop-ci-ingress-k3v9-ew.a.run.app")));
        assertThat(second.changed()).isFalse();
        assertThat(calls()).containsExactly("init", "plan", "apply", "output", "init", "plan", "output");
        assertThat(told)
                .containsExactly(
                        "uploading one.jar to bucket " + BUCKET,
                        "changing installation shop-ci in europe-west1 of shop-301412",
                        "google_pubsub_topic.signals: Creation complete after 1s");
        assertThat(pubSub.requests()).hasSize(2);
        assertThat(buckets.bucket(BUCKET).orElseThrow())
                .containsOnlyKeys(
                        "code/" + archive("one").code().digest().hex() + ".zip", "installed.json", "wanted.json");
    }

    @Test
    void changes_are_told_by_resources_and_permissions_before_and_after() throws IOException {
        List<Installer.Change> all = installer.changes(demand());
        assertThat(all).extracting(Installer.Change::kind).containsOnly(Installer.Change.Kind.ADDED);
        assertThat(all)
                .extracting(Installer.Change::what)
                .contains("pubsub topic shop-ci-signals", "secret manager secret shop-ci_github-webhook")
                .contains("shop ci engine may roles/pubsub.publisher on pubsub topic signals")
                .anyMatch(
                        what -> what.startsWith("shop ci ingress may storage.objects.get on resource.name.startsWith"));

        installer.install(demand(), archive("one"), told::add);
        assertThat(installer.changes(demand())).isEmpty();

        assertThat(installer.changes(Samples.demand(Samples.everything("production"))))
                .extracting(Installer.Change::what)
                .contains("cloudfunctions2 function shop-ci-worker-trusted")
                .anyMatch(what -> what.endsWith("may run.services.update on cloud run v2 service shop-api"));
    }

    @Test
    void what_terraform_refuses_is_said_in_its_own_words_and_can_be_done_again() throws IOException {
        Path broken = Files.createFile(directory.resolve("broken"));
        Installer.Archive archive = archive("one");
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> installer.install(demand(), archive, told::add))
                .withMessageContaining("google_pubsub_topic.signals: Permission denied (on the project)")
                .satisfies(e -> assertThat(e.retryable()).isFalse());
        assertThat(installer.belongings()).isNotEmpty();

        Files.delete(broken);
        assertThat(installer.install(demand(), archive, told::add).changed()).isTrue();
    }

    @Test
    void a_machine_without_terraform_is_told_what_to_install() throws IOException {
        Installer without =
                installer(Samples.blueprint(), directory.resolve("nothing").toString(), Map.of());
        Installer.Archive archive = archive("one");
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> without.install(demand(), archive, told::add))
                .withMessageContaining("install Terraform 1.11 or later");
    }

    @Test
    void all_that_belongs_to_it_is_named_and_then_removed() throws IOException {
        assertThat(installer.belongings()).isEmpty();
        installer.install(demand(), archive("one"), told::add);

        assertThat(installer.belongings())
                .filteredOn(Installer.Belonging::holdsData)
                .extracting(Installer.Belonging::name)
                .containsExactly(
                        "Firestore database shop-ci-journal: every run's history",
                        "bucket shop-ci-shop-301412-artifacts: every artifact and plan",
                        "secret manager secret: shop-ci_forge-token, shop-ci_github-webhook, shop-ci_ticket-key");

        installer.remove(told::add);
        assertThat(buckets.bucket(BUCKET)).isEmpty();
        assertThat(directory.resolve("applied")).doesNotExist();
        assertThat(installer.belongings()).isEmpty();
        installer.remove(told::add);
    }

    @Test
    void terraform_itself_installs_changes_and_removes() throws IOException {
        String terraform = Needed.program("terraform").toString();
        Blueprint small =
                (demand, code) -> """
                {"locals": {"cumulane": {"entry": "%s", "code": "%s"}},
                 "variable": {"code_bucket": {"type": "string"}, "code_object": {"type": "string"}},
                 "resource": {"terraform_data": {"it": {"input": "${var.code_object}"}}},
                 "output": {"ingress": {"value": "https://${var.code_bucket}.example"}}}
                """.formatted(code.entry(), code.digest().hex());
        Path state = directory.resolve("state.tfstate");
        Installer real = installer(small, terraform, Map.of("local", Map.of("path", state.toString())));

        assertThat(real.install(demand(), archive("one"), told::add))
                .isEqualTo(new Installer.Installed(true, URI.create("https://" + BUCKET + ".example")));
        assertThat(told).anyMatch(line -> line.startsWith("terraform_data.it: Creation complete"));
        assertThat(real.install(demand(), archive("one"), told::add).changed()).isFalse();
        assertThat(real.install(demand(), archive("two"), told::add).changed()).isTrue();
        assertThat(Files.readString(state))
                .contains(archive("two").code().digest().hex());

        real.remove(told::add);
        assertThat(Files.readString(state)).doesNotContain("terraform_data");
    }

    @Test
    void a_worker_keeps_the_tags_of_earlier_code_beside_that_of_the_latest() {
        String location = "projects/test-project/locations/europe-west1";
        try (FakeFunctions worker = new FakeFunctions(location, "worker");
                GrpcClients run = new GrpcClients(Emulators.clients(Map.of("run", worker.endpoint())))) {
            WorkerTags tags = new WorkerTags(run::services, PACE);
            String service = location + "/services/worker";
            String latest = worker.service().getLatestReadyRevision().replaceFirst(".*/", "");

            assertThat(tags.put(service, "c0000000001", tags.of(service))).isTrue();
            assertThat(tags.put(service, "c0000000001", tags.of(service))).isFalse();
            assertThat(tags.put(service, "c0000000002", tags.of(service))).isTrue();

            assertThat(tags.of(service))
                    .extracting(TrafficTarget::getTag, TrafficTarget::getRevision)
                    .containsExactly(tuple("c0000000002", latest), tuple("c0000000001", latest));
            assertThat(tags.of(location + "/services/nobody")).isEmpty();
            assertThat(worker.violations()).isEmpty();
        }
    }
}

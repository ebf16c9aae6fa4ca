// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Samples.NAMES;
import static dev.cumulane.azure.blueprint.Samples.demand;
import static dev.cumulane.cloud.contract.Installed.archive;
import static dev.cumulane.cloud.contract.Installed.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultProxy;
import dev.cumulane.azure.fake.FakeResourceManager;
import dev.cumulane.azure.functions.FunctionApp;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Installer.Belonging;
import dev.cumulane.cloud.Installer.Change;
import dev.cumulane.cloud.Pace;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.MemoryArtifactStore;
import dev.cumulane.run.TrustLevel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing, changing and removing on a resource manager of ours. */
class DeploymentStackInstallerTest {
    private static final Pace QUICK = new Pace(Duration.ofMillis(1), Duration.ofSeconds(30));
    private static final String ENGINE = NAMES.functionApp("engine");
    private static final String STACK = "deployment stack shop-ci in shop";

    @TempDir
    Path directory;

    private final FakeResourceManager manager = new FakeResourceManager(Samples.SUBSCRIPTION, "shop");
    private final FaultProxy proxy = FaultProxy.before(manager.endpoint(), 0, 1);
    private final MemoryArtifactStore artifacts = new MemoryArtifactStore();
    private final List<String> progress = new ArrayList<>();
    private final Installer installer =
            new DeploymentStackInstaller(Emulators.clients(endpoints()), Samples.blueprint(), artifacts, QUICK);

    private Map<String, URI> endpoints() {
        Map<String, URI> endpoints = new TreeMap<>();
        endpoints.put("management", proxy.endpoint());
        List<String> roles = new ArrayList<>(List.of("ingress", "engine"));
        WorkNames work = new WorkNames(NAMES);
        for (TrustLevel trust : TrustLevel.values()) {
            roles.add(work.worker(trust, List.of()));
            roles.add(work.worker(trust, List.of("probe-key")));
        }
        roles.stream()
                .map(NAMES::functionApp)
                .forEach(app -> endpoints.put(app + ".scm", URI.create(proxy.endpoint() + "/scm/" + app)));
        return endpoints;
    }

    @AfterEach
    void nothing_was_said_that_the_interface_does_not_allow() {
        assertThat(manager.violations()).isEmpty();
        proxy.close();
        manager.close();
    }

    private Installer.Installed install(Blueprint.Demand demand, String code) throws IOException {
        progress.clear();
        return installer.install(demand, archive(directory, code), progress::add);
    }

    private List<String> published(String app) throws IOException {
        List<String> names = new ArrayList<>();
        byte[] bytes = manager.packageOf(app).orElseThrow();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void the_first_installation_makes_everything_and_tells_where_ingress_answers() throws Exception {
        Installer.Installed installed = install(demand(plan("shop", true)), "one");

        assertThat(installed)
                .isEqualTo(new Installer.Installed(true, URI.create("https://shop-ci-ingress.azurewebsites.net")));
        assertThat(progress)
                .startsWith("creating " + STACK)
                .contains(
                        "function app " + ENGINE + " is ready",
                        "table " + NAMES.account() + "/default/journal is ready",
                        "secret ticket-key is made",
                        "keeping one.jar for the runs that begin with it",
                        "publishing one.jar to function app " + ENGINE);
        assertThat(manager.secret("ticket-key").orElseThrow()).matches("[0-9a-f]{64}");
        assertThat(artifacts.has(archive(directory, "one").code().digest())).isTrue();
        assertThat(published(ENGINE)).contains("engine/function.json", "sweep/function.json", FunctionApp.JAR);
        assertThat(published(NAMES.functionApp("ingress"))).contains("ingress/function.json");
    }

    @Test
    void the_same_again_changes_nothing() throws Exception {
        install(demand(plan("shop", true)), "one");
        int asked = manager.asked().size();

        assertThat(install(demand(plan("shop", true)), "one").changed()).isFalse();
        assertThat(progress).isEmpty();
        assertThat(manager.asked().subList(asked, manager.asked().size())).allMatch(call -> call.startsWith("GET "));
    }

    @Test
    void other_code_keeps_the_secret_and_the_jar_that_runs_in_flight_load() throws Exception {
        install(demand(plan("shop", true)), "one");
        String key = manager.secret("ticket-key").orElseThrow();

        assertThat(install(demand(plan("shop", true)), "two").changed()).isTrue();

        assertThat(manager.secret("ticket-key")).contains(key);
        assertThat(artifacts.has(archive(directory, "one").code().digest())).isTrue();
        assertThat(artifacts.has(archive(directory, "two").code().digest())).isTrue();
    }

    @Test
    void an_installation_that_ended_before_its_packages_were_published_goes_on_there() throws Exception {
        manager.refusePackage(ENGINE);
        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessage("function app " + ENGINE + " did not take its package: no functions found");

        assertThat(install(demand(plan("shop", false)), "one").changed()).isTrue();
        assertThat(progress).first().isEqualTo("publishing one.jar to function app " + ENGINE);
    }

    @Test
    void the_difference_names_resources_and_single_permissions() throws Exception {
        install(demand(plan("shop", false)), "one");

        assertThat(installer.changes(demand(plan("shop", false)))).isEmpty();
        String worker = new WorkNames(NAMES).worker(TrustLevel.TRUSTED, List.of());
        String sends = "identity shop-ci-engine may"
                + " Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action on queues/" + worker;
        assertThat(installer.changes(demand(plan("shop", true))))
                .contains(
                        new Change(Change.Kind.ADDED, "function app " + NAMES.functionApp(worker)),
                        new Change(Change.Kind.ADDED, sends))
                .allMatch(change -> change.kind() == Change.Kind.ADDED);

        install(demand(plan("shop", true)), "one");
        assertThat(installer.changes(demand(plan("shop", false)))).contains(new Change(Change.Kind.REMOVED, sends));
    }

    @Test
    void where_nothing_is_installed_everything_is_a_difference() {
        assertThat(installer.changes(demand(plan("shop", false))))
                .contains(new Change(Change.Kind.ADDED, "storage account " + NAMES.account()))
                .allMatch(change -> change.kind() == Change.Kind.ADDED);
    }

    @Test
    void a_failed_change_says_what_failed_and_the_next_goes_on() throws Exception {
        manager.fail(ENGINE, "the runtime is not there");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessage(
                        STACK + " is failed: function app " + ENGINE + " could not be made: the runtime is not there")
                .matches(e -> !e.retryable());

        assertThat(install(demand(plan("shop", false)), "one").changed()).isTrue();
        assertThat(progress).startsWith("changing " + STACK);
    }

    @Test
    void a_stack_of_somebody_else_is_left_alone() {
        manager.foreign("shop-ci");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessageContaining("was not made by Cumulane; choose another namespace");
        assertThatExceptionOfType(CloudException.class).isThrownBy(() -> installer.remove(progress::add));
        assertThat(manager.asked()).noneMatch(call -> call.startsWith("PUT") || call.startsWith("DELETE"));
    }

    @Test
    void missing_rights_are_told_in_the_words_of_the_service() {
        manager.deny();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> install(demand(plan("shop", false)), "one"))
                .withMessageContaining("AuthorizationFailed The client does not have authorization")
                .matches(e -> !e.retryable());
    }

    @Test
    void throttles_and_lost_answers_are_survived_and_nothing_is_begun_twice() throws Exception {
        proxy.next(2, "PUT", Fault.THROTTLE);
        assertThat(install(demand(plan("shop", false)), "one").changed()).isTrue();
        proxy.next(1, "PUT", Fault.LOST_ANSWER);
        assertThat(install(demand(plan("shop", true)), "two").changed()).isTrue();

        assertThat(proxy.counts()).containsEntry(Fault.THROTTLE, 2).containsEntry(Fault.LOST_ANSWER, 1);
    }

    @Test
    void removing_deletes_everything_and_frees_the_name_of_the_vault() throws Exception {
        install(demand(plan("shop", true)), "one");

        assertThat(installer.belongings())
                .contains(
                        new Belonging(
                                "storage account " + NAMES.account() + ": every run's history, every artifact and plan",
                                true),
                        new Belonging("key vault " + NAMES.vault() + ": every secret", true))
                .anyMatch(each -> each.name().startsWith("function app: ") && !each.holdsData());
        installer.remove(progress::add);

        assertThat(progress).contains("deleting " + STACK, "purging key vault " + NAMES.vault());
        assertThat(installer.belongings()).isEmpty();
        progress.clear();
        installer.remove(progress::add);
        assertThat(progress).isEmpty();
        assertThat(install(demand(plan("shop", true)), "one").changed()).isTrue();
    }
}

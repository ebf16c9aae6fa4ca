// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import dev.cumulane.azure.Azure;
import dev.cumulane.azure.AzureCloud;
import dev.cumulane.azure.AzureUnderTest;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.emulator.CountedCalls;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.azure.fake.FakeContainerApps;
import dev.cumulane.azure.fake.FakeDevOps;
import dev.cumulane.azure.fake.FakeVault;
import dev.cumulane.azure.fake.FunctionsHost;
import dev.cumulane.azure.functions.FunctionApp;
import dev.cumulane.azure.work.Agents;
import dev.cumulane.azure.work.BuildPipeline;
import dev.cumulane.azure.work.BuildSettings;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.endtoend.Neighbours;
import dev.cumulane.endtoend.OnLoopback;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.TrustLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A subscription with one installation in it, on loopback: Azurite behind proxies; our own Azure DevOps, Key Vault, and Container Apps with its alert rules; a host for each function app, which reads the
 * generated bindings and takes messages of the real queues.
 */
final class AzureOnLoopback implements OnLoopback, AutoCloseable {
    static final String WEBHOOK_SECRET = "canary-webhook-secret-9d21";
    static final SortedMap<String, String> SECRETS = new TreeMap<>(Map.of(
            "github-webhook",
            WEBHOOK_SECRET,
            "github-token",
            Neighbours.GITHUB_TOKEN,
            "slack-bot",
            Neighbours.SLACK_TOKEN,
            "link-key",
            "canary-link-key-51c6",
            "npm-token",
            "canary-npm-token-e88b",
            "scanner-token",
            "canary-scanner-token-0a4d",
            AzureNames.HOOK_KEY,
            "canary-hook-key-7b3e",
            AzureNames.TICKET_KEY,
            "canary-ticket-key-a3f65d0c-9b1e7742"));

    private static final AzureNames NAMES = Emulators.NAMES;
    private static final WorkNames WORK = new WorkNames(NAMES);

    private final List<AutoCloseable> closing = new CopyOnWriteArrayList<>();
    private final String worker = WORK.worker(TrustLevel.TRUSTED, List.of("scanner-token"));
    private final CountedCalls calls = new CountedCalls();
    private final Storage storage;
    private final FakeVault vault = closing(new FakeVault());
    private final FakeDevOps devOps;
    private final FakeContainerApps apps = closing(new FakeContainerApps(ShopCi.APP));
    private final Neighbours neighbours;
    private final SortedMap<String, FunctionsHost> hosts = new TreeMap<>();
    private final FrontDoor door;
    private final String repository;
    private final Duration hold;
    private final AzureCloud cloud;
    private volatile Digest code;

    AzureOnLoopback(Path directory, String repository, Duration hold) throws IOException {
        this.repository = repository;
        this.hold = hold;
        this.storage = closing(new Storage(0, 0).install());
        this.devOps = closing(new FakeDevOps(directory));
        this.neighbours = closing(new Neighbours());
        apps.rule(ShopCi.ALARM, false);
        for (String queue : List.of(worker, worker + "-poison")) {
            storage.undisturbed().queues().createQueue(queue);
        }
        SECRETS.forEach(vault::store);
        this.cloud = closing(connect(Digest.of(new byte[0]), Optional.empty()));
        this.code = cloud.artifacts().put(jar());
        FunctionsHost ingress = host("ingress", FunctionApp.Kind.INGRESS);
        this.door = closing(new FrontDoor(ingress.endpoint()));
        pipelines();
        start();
    }

    /** What Azure DevOps has of the installation. */
    private void pipelines() {
        BuildSettings settings = new BuildSettings(WORK, Agents.USUAL);
        for (TrustLevel trust : TrustLevel.values()) {
            String name = WORK.project("shop", trust);
            String group = WORK.group(name, List.of("npm-token"));
            boolean secrets = trust != TrustLevel.UNTRUSTED;
            devOps.runs()
                    .pipeline(name, BuildPipeline.yaml(settings, "shop", trust), secrets ? List.of(group) : List.of());
            devOps.runs()
                    .pipeline(
                            WORK.project(Swap.NAME, trust), BuildPipeline.yaml(settings, Swap.NAME, trust), List.of());
            if (secrets) {
                devOps.runs().group(group, Map.of("npm-token", SECRETS.getOrDefault("npm-token", "")));
            }
        }
        devOps.subscribe(
                door.address() + "/devops", "x-cumulane-key: " + SECRETS.getOrDefault(AzureNames.HOOK_KEY, ""));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        closing.add(resource);
        return resource;
    }

    /** What a team's jar has, as far as functions load it. */
    private static byte[] jar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            for (Class<?> stage : List.of(ShopCi.Inspection.class, Swap.Inspection.class)) {
                String path = stage.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(path));
                try (InputStream of = stage.getClassLoader().getResourceAsStream(path)) {
                    of.transferTo(jar);
                }
            }
        }
        return bytes.toByteArray();
    }

    private AzureCloud connect(Digest running, Optional<URI> ingress) {
        SortedMap<String, String> variables = new TreeMap<>(Map.of(AzureVariables.CODE, running.hex()));
        ingress.ifPresent(address -> variables.put(AzureVariables.INGRESS, address.toString()));
        SortedMap<String, URI> endpoints = new TreeMap<>(storage.endpoints());
        endpoints.put("vault", vault.endpoint());
        endpoints.put("devops", devOps.endpoint());
        endpoints.put("management", apps.endpoint());
        Azure azure = AzureUnderTest.on(variables, endpoints, calls)
                .devOps(FakeDevOps.ORGANIZATION, FakeDevOps.PROJECT)
                .environment(
                        "production",
                        e -> e.containerApp(ShopCi.APP)
                                .pulling("shop.azurecr.io/shop")
                                .container("app"));
        return azure.connect();
    }

    private ShopCi.World world() {
        return new ShopCi.World(
                this::functionsCloud,
                repository,
                neighbours.origin().toString(),
                door.address().toString(),
                hold);
    }

    private Cloud functionsCloud() {
        return closing(connect(code, Optional.of(door.address())));
    }

    private FunctionsHost host(String role, FunctionApp.Kind kind) {
        Map<String, String> settings = Map.of(
                AzureVariables.CALLS,
                worker,
                AzureVariables.SWEEP,
                "0 */5 * * * *",
                AzureVariables.STORAGE + "__queueServiceUri",
                "https://shop.queue.core.windows.net");
        FunctionsHost host = new FunctionsHost(
                        new FunctionApp(kind, ShopCi.class.getName()).files(),
                        ShopCi.class.getClassLoader(),
                        settings,
                        storage.undisturbed().queues(),
                        (operation, line) -> {})
                .repeatingAfter(Duration.ZERO);
        hosts.put(role, host);
        return host;
    }

    private void start() {
        ShopCi.in(world());
        host("engine", FunctionApp.Kind.ENGINE);
        host("worker", FunctionApp.Kind.WORKER);
    }

    /** Engine and worker end, and others take their places. */
    void restart() {
        for (String role : List.of("engine", "worker")) {
            Optional.ofNullable(hosts.remove(role)).ifPresent(FunctionsHost::close);
        }
        start();
    }

    /** The timer comes round: five minutes have passed for all open runs. */
    void sweep() {
        Instant now = cloud.clock().instant();
        for (Journal.Listed listed : cloud.journal().open(now.plus(Duration.ofDays(1)), 1000)) {
            cloud.journal().lookAgain(listed.run(), now);
        }
        hosts.get("engine").fire("sweep");
    }

    @Override
    public void alarm(boolean rings) {
        apps.rule(ShopCi.ALARM, rings);
    }

    @Override
    public String webhookSecret() {
        return WEBHOOK_SECRET;
    }

    @Override
    public URI ingressAddress() {
        return door.address();
    }

    @Override
    public Engine reader() {
        return ShopCi.setUp(Engine.on(cloud), world()).attach();
    }

    /** Begins runs as a function does. */
    Engine starter() {
        return ShopCi.setUp(Engine.on(functionsCloud()), world()).attach();
    }

    @Override
    public Neighbours neighbours() {
        return neighbours;
    }

    FakeDevOps devOps() {
        return devOps;
    }

    FakeContainerApps apps() {
        return apps;
    }

    FrontDoor door() {
        return door;
    }

    Storage storage() {
        return storage;
    }

    AzureCloud cloud() {
        return cloud;
    }

    /** What the functions call, with all that they try again. */
    CountedCalls calls() {
        return calls;
    }

    /** What failed in functions, one line each. */
    List<String> failures() {
        List<String> failures = new ArrayList<>();
        hosts.forEach((role, host) -> failures.addAll(host.failures()));
        return failures;
    }

    /** What functions printed. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        hosts.forEach((role, host) -> lines.addAll(host.lines()));
        return lines;
    }

    /** What was asked of services against their interfaces. */
    List<String> violations() {
        List<String> violations = new ArrayList<>(vault.violations());
        violations.addAll(devOps.violations());
        violations.addAll(apps.violations());
        return violations;
    }

    /** How many messages of a queue are there or on their way. */
    long waiting(String queue) {
        return storage.undisturbed()
                .queues()
                .getQueueClient(queue)
                .getProperties()
                .getApproximateMessagesCountLong();
    }

    @Override
    public void close() {
        hosts.values().forEach(FunctionsHost::close);
        for (int i = closing.size() - 1; i >= 0; i--) {
            try {
                closing.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("could not be closed", e);
            }
        }
    }
}

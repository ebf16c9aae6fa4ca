// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.devtools.cloudbuild.v1.CloudBuildClient;
import com.google.cloudbuild.v1.Build;
import com.google.cloudbuild.v1.BuildOperationMetadata;
import com.google.cloudbuild.v1.BuildOptions;
import com.google.cloudbuild.v1.BuildStep;
import com.google.cloudbuild.v1.CancelBuildRequest;
import com.google.cloudbuild.v1.CreateBuildRequest;
import com.google.cloudbuild.v1.GetBuildRequest;
import com.google.cloudbuild.v1.ListBuildsRequest;
import com.google.cloudbuild.v1.SecretManagerSecret;
import com.google.cloudbuild.v1.Secrets;
import com.google.common.util.concurrent.Striped;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GrpcFailures;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Runs builds on Cloud Build, in the installation's region: each is one step, all of which is said with the start.
 *
 * <p>Cloud Build has no token by which it would know a repetition, so each start looks for a build with the attempt's tags first, and again when its answer was lost; where that
 * fails the claim in the order still lets one build only take effect. A work's id is the build's own.
 *
 * <p>The launcher is the step's {@code script}: unlike {@code args}, Cloud Build replaces nothing in it. It holds a pass: whoever may read the project's builds could read the
 * order with it while the attempt lives.
 */
public final class CloudBuildBuilds implements WorkRunner {
    private static final String SERVICE = "Cloud Build";

    /** Cloud Build replaces it with the build's id. */
    private static final String SERVICE_ID = "CUMULANE_SERVICE_ID=$BUILD_ID";

    /** How long a build may take, on Cloud Build. */
    private static final Duration LONGEST = Duration.ofHours(24);

    /** The engine stops work in time; Cloud Build's limit comes into play when the engine is away. */
    private static final Duration LATER_THAN_THE_ENGINE = Duration.ofMinutes(10);

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MOST_FOUND = 100;
    private static final int STARTS_AT_ONCE = 64;

    private final Supplier<CloudBuildClient> client;
    private final BuildSettings settings;
    private final Function<WorkOrder, String> launcher;
    private final GcpService service;
    private final Striped<Lock> starting = Striped.lock(STARTS_AT_ONCE);

    /**
     * A runner of builds.
     *
     * @param client gives the client, the same each time
     * @param settings how builds are run
     * @param launcher writes the launcher of an order, at most 2 KiB
     */
    public CloudBuildBuilds(
            Supplier<CloudBuildClient> client, BuildSettings settings, Function<WorkOrder, String> launcher) {
        this.client = client;
        this.settings = settings;
        this.launcher = launcher;
        this.service = new GcpService(SERVICE, "builds in " + settings.names().location());
    }

    @Override
    public String start(WorkOrder order) {
        CreateBuildRequest request = request(order);
        Lock lock = starting.get(order.attempt());
        lock.lock();
        try {
            return find(order.attempt()).orElseGet(() -> created(order.attempt(), request));
        } finally {
            lock.unlock();
        }
    }

    private String created(AttemptId attempt, CreateBuildRequest request) {
        try {
            // The operation ends with the build, so it is not waited for.
            return client.get()
                    .createBuildCallable()
                    .call(request)
                    .getMetadata()
                    .unpack(BuildOperationMetadata.class)
                    .getBuild()
                    .getId();
        } catch (ApiException e) {
            Optional<String> started = GrpcFailures.mayHaveTakenEffect(e) ? find(attempt) : Optional.empty();
            return started.orElseThrow(() -> failure("start " + attempt, e));
        } catch (InvalidProtocolBufferException e) {
            throw CloudException.retryable(SERVICE, "the answer to the start of " + attempt + " names no build", e);
        }
    }

    private CloudException failure(String attempted, ApiException e) {
        return service.failure(attempted, GrpcFailures.of(e));
    }

    private CreateBuildRequest request(WorkOrder order) {
        WorkOrder.Container container = container(order);
        AttemptId attempt = order.attempt();
        String account = settings.names()
                .buildAccount(
                        WorkNames.pipeline(attempt),
                        order.trust(),
                        order.secrets().values());
        BuildStep step = BuildStep.newBuilder()
                .setName(container.image())
                .setScript("#!/bin/sh\n" + launcher.apply(order))
                .addEnv(SERVICE_ID)
                .addAllSecretEnv(order.secrets().keySet())
                .build();
        Build.Builder build = Build.newBuilder()
                .addSteps(step)
                .addAllTags(tags(attempt))
                .setServiceAccount(settings.names().resource(account))
                .setTimeout(limit(order))
                .setQueueTtl(limit(order))
                .setOptions(options());
        if (!order.secrets().isEmpty()) {
            build.setAvailableSecrets(secrets(order));
        }
        return CreateBuildRequest.newBuilder()
                .setParent(settings.names().location())
                .setProjectId(project())
                .setBuild(build)
                .build();
    }

    /** With a service account of one's own Cloud Build wants to be told where logs go. */
    private BuildOptions options() {
        BuildOptions.Builder options = BuildOptions.newBuilder()
                .setLogging(BuildOptions.LoggingMode.CLOUD_LOGGING_ONLY)
                .setMachineType(settings.machine());
        settings.pool()
                .ifPresent(pool ->
                        options.setPool(BuildOptions.PoolOption.newBuilder().setName(pool)));
        return options.build();
    }

    /** Cloud Build reads the values with the build's service account when the build begins. */
    private Secrets secrets(WorkOrder order) {
        Secrets.Builder secrets = Secrets.newBuilder();
        order.secrets()
                .forEach((variable, reference) -> secrets.addSecretManager(SecretManagerSecret.newBuilder()
                        .setVersionName(settings.names().secretVersion(reference))
                        .setEnv(variable)));
        return secrets.build();
    }

    private static WorkOrder.Container container(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Container container)) {
            throw new IllegalArgumentException("not a build: " + order.attempt() + " is a function stage");
        }
        if (!container.services().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE, "builds on Cloud Build run no containers beside them: " + order.attempt());
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE,
                    "an untrusted run gets no secrets: " + order.attempt() + " names "
                            + order.secrets().keySet());
        }
        return container;
    }

    private static com.google.protobuf.Duration limit(WorkOrder order) {
        if (order.within().compareTo(LONGEST) > 0) {
            throw CloudException.permanent(
                    SERVICE,
                    "a build takes at most " + LONGEST.toHours() + " hours on Cloud Build; " + order.attempt()
                            + " may take " + order.within());
        }
        long seconds = order.within().plus(LATER_THAN_THE_ENGINE).toSeconds();
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(Math.min(LONGEST.toSeconds(), seconds))
                .build();
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        try {
            boolean living = build(serviceId)
                    .filter(build -> isOf(build, attempt) && phase(build) != Phase.OVER)
                    .isPresent();
            if (living) {
                Build unused = client.get()
                        .cancelBuild(CancelBuildRequest.newBuilder()
                                .setName(name(serviceId))
                                .setProjectId(project())
                                .setId(serviceId)
                                .build());
            }
        } catch (NotFoundException | FailedPreconditionException e) {
            // It has ended between the two calls.
        } catch (ApiException e) {
            throw failure("stop " + attempt, e);
        }
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        try {
            return build(serviceId).map(CloudBuildBuilds::phase).orElse(Phase.UNKNOWN);
        } catch (ApiException e) {
            throw failure("look at " + attempt, e);
        }
    }

    private static Phase phase(Build build) {
        return switch (build.getStatus()) {
            case PENDING, QUEUED, WORKING -> Phase.LIVING;
            case STATUS_UNKNOWN, UNRECOGNIZED -> Phase.UNKNOWN;
            default -> Phase.OVER;
        };
    }

    private Optional<Build> build(String serviceId) {
        if (!ID.matcher(serviceId).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(client.get()
                    .getBuild(GetBuildRequest.newBuilder()
                            .setName(name(serviceId))
                            .setProjectId(project())
                            .setId(serviceId)
                            .build()));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** Of several builds of the attempt a living one is found first, then the latest. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        String filter =
                tags(attempt).stream().map(tag -> "tags=\"" + tag + "\"").collect(Collectors.joining(" AND "));
        try {
            List<Build> builds = StreamSupport.stream(
                            client.get()
                                    .listBuilds(ListBuildsRequest.newBuilder()
                                            .setParent(settings.names().location())
                                            .setProjectId(project())
                                            .setPageSize(MOST_FOUND)
                                            .setFilter(filter)
                                            .build())
                                    .getPage()
                                    .getValues()
                                    .spliterator(),
                            false)
                    .filter(build -> isOf(build, attempt))
                    .toList();
            return builds.stream()
                    .filter(build -> phase(build) == Phase.LIVING)
                    .findFirst()
                    .or(() -> builds.stream().findFirst())
                    .map(Build::getId);
        } catch (ApiException e) {
            throw failure("find " + attempt, e);
        }
    }

    private boolean isOf(Build build, AttemptId attempt) {
        return BuildEvents.attempt(settings.names().names().namespace(), build.getTagsList())
                .equals(Optional.of(attempt));
    }

    private List<String> tags(AttemptId attempt) {
        return BuildEvents.tags(settings.names().names().namespace(), attempt);
    }

    private String project() {
        return settings.names().names().project();
    }

    private String name(String serviceId) {
        return settings.names().location() + "/builds/" + serviceId;
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.aws.secrets.SecretsManagerSecrets;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codebuild.model.AccountLimitExceededException;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.EnvironmentType;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariable;
import software.amazon.awssdk.services.codebuild.model.EnvironmentVariableType;
import software.amazon.awssdk.services.codebuild.model.ImagePullCredentialsType;
import software.amazon.awssdk.services.codebuild.model.InvalidInputException;
import software.amazon.awssdk.services.codebuild.model.ListBuildsForProjectResponse;
import software.amazon.awssdk.services.codebuild.model.ResourceNotFoundException;
import software.amazon.awssdk.services.codebuild.model.SortOrderType;
import software.amazon.awssdk.services.codebuild.model.StartBuildRequest;

/**
 * Runs builds on CodeBuild: one project for each pipeline and trust level, all else said with each start.
 *
 * <p>A start carries a token made from the attempt, by which CodeBuild knows a repetition for five minutes; after that {@link #find} does, and where both fail the claim in
 * the order still lets one build only take effect. A build's id is CodeBuild's own, such as {@code shop-ci-shop-trusted:0f7d…}; the part before the colon is the
 * project, the part behind it the name of the log stream.
 *
 * <p>CodeBuild prints the commands of a buildspec into the log, so the launcher, which holds a pass, travels in a variable that its commands do not see.
 */
public final class CodeBuildBuilds implements WorkRunner {
    static final String RUN = "CUMULANE_RUN";
    static final String STAGE = "CUMULANE_STAGE";
    static final String ATTEMPT = "CUMULANE_ATTEMPT";
    private static final String LAUNCHER = "CUMULANE_LAUNCHER";

    /** The same for all builds. In a shell of its own, since the launcher ends with exec. */
    private static final String BUILDSPEC = """
            {"version":"0.2","phases":{"build":{"commands":["(export CUMULANE_SERVICE_ID=\\"$CODEBUILD_BUILD_ID\\"; l=$CUMULANE_LAUNCHER; unset CUMULANE_LAUNCHER; eval \\"$l\\")"]}}}""";

    /** CodeBuild takes 5 minutes to 36 hours. The engine stops work in time; CodeBuild's limit comes into play when the engine is away. */
    private static final int SHORTEST_MINUTES = 5;

    private static final int LONGEST_MINUTES = 2160;
    private static final int LONGEST_QUEUED_MINUTES = 480;
    private static final Duration LATER_THAN_THE_ENGINE = Duration.ofMinutes(10);

    /** Pages of 100 builds that a search goes back. */
    private static final int MOST_PAGES = 5;

    private static final String SERVICE = "CodeBuild";

    private final Supplier<CodeBuildClient> client;
    private final BuildSettings settings;
    private final Function<WorkOrder, String> launcher;

    /**
     * A runner of builds.
     *
     * @param client gives the client, the same each time
     * @param settings how builds are run
     * @param launcher writes the launcher of an order, at most 2 KiB
     */
    public CodeBuildBuilds(
            Supplier<CodeBuildClient> client, BuildSettings settings, Function<WorkOrder, String> launcher) {
        this.client = client;
        this.settings = settings;
        this.launcher = launcher;
    }

    @Override
    public String start(WorkOrder order) {
        StartBuildRequest request = request(order);
        try {
            return client.get().startBuild(request).build().id();
        } catch (InvalidInputException e) {
            // The token is known with other parameters, such as a launcher with a newer pass: the work was started.
            return find(order.attempt())
                    .orElseThrow(() -> project(request.projectName()).failure("start " + order.attempt(), e));
        } catch (AccountLimitExceededException e) {
            throw CloudException.retryable(SERVICE, "no build more may run in this account now", e);
        } catch (SdkException e) {
            throw project(request.projectName()).failure("start " + order.attempt(), e);
        }
    }

    private static AwsService project(String name) {
        return new AwsService(SERVICE, "build project " + name);
    }

    private StartBuildRequest request(WorkOrder order) {
        WorkOrder.Container container = container(order);
        AttemptId attempt = order.attempt();
        String project = settings.names().project(WorkNames.pipeline(attempt), order.trust());
        String image = settings.pulled(container.image());
        StartBuildRequest.Builder request = StartBuildRequest.builder()
                .projectName(project)
                .idempotencyToken(Digest.of(attempt.key().getBytes(UTF_8)).hex())
                .imageOverride(image)
                .imagePullCredentialsTypeOverride(
                        BuildSettings.isCurated(image)
                                ? ImagePullCredentialsType.CODEBUILD
                                : ImagePullCredentialsType.SERVICE_ROLE)
                .buildspecOverride(BUILDSPEC)
                .environmentVariablesOverride(variables(order));
        settings.lambdaFor(container.image(), order.within())
                .ifPresentOrElse(size -> onLambda(request, size), () -> onMachine(request, order));
        if (!order.secrets().isEmpty()) {
            String role = settings.names().buildRole(project, order.secrets().values());
            request.serviceRoleOverride(settings.names().roleArn(role));
        }
        return request.build();
    }

    private void onMachine(StartBuildRequest.Builder request, WorkOrder order) {
        request.computeTypeOverride(settings.computeType())
                .timeoutInMinutesOverride(minutes(order))
                .queuedTimeoutInMinutesOverride(Math.min(LONGEST_QUEUED_MINUTES, minutes(order)));
    }

    /** Its time limits are its own, and there is no queue. */
    private static void onLambda(StartBuildRequest.Builder request, LambdaCompute size) {
        request.computeTypeOverride(size.type()).environmentTypeOverride(EnvironmentType.LINUX_LAMBDA_CONTAINER);
    }

    @Override
    public Optional<String> refusal(String image, Duration within) {
        if (LambdaCompute.isMadeForIt(image)) {
            if (settings.lambda().isEmpty()) {
                return Optional.of("names image '" + image
                        + "', which runs on Lambda compute alone; allow that with Aws.buildingOnLambda(...)");
            }
            if (within.compareTo(LambdaCompute.LONGEST) > 0) {
                return Optional.of("may take " + within + ", and a build on Lambda compute, as image '" + image
                        + "' needs it, takes at most " + LambdaCompute.LONGEST);
            }
        }
        return within.toMinutes() > LONGEST_MINUTES
                ? Optional.of("may take " + within + ", and a build on CodeBuild takes at most "
                        + Duration.ofMinutes(LONGEST_MINUTES))
                : Optional.empty();
    }

    private static WorkOrder.Container container(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Container container)) {
            throw new IllegalArgumentException("not a build: " + order.attempt() + " is a function stage");
        }
        if (!container.services().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE, "builds on CodeBuild run no containers beside them: " + order.attempt());
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE,
                    "an untrusted run gets no secrets: " + order.attempt() + " names "
                            + order.secrets().keySet());
        }
        return container;
    }

    private static int minutes(WorkOrder order) {
        long minutes =
                order.within().plus(LATER_THAN_THE_ENGINE).plusSeconds(59).toMinutes();
        if (order.within().toMinutes() > LONGEST_MINUTES) {
            throw CloudException.permanent(
                    SERVICE,
                    "a build takes at most " + LONGEST_MINUTES / 60 + " hours on CodeBuild; " + order.attempt()
                            + " may take " + order.within());
        }
        return (int) Math.max(SHORTEST_MINUTES, Math.min(LONGEST_MINUTES, minutes));
    }

    private List<EnvironmentVariable> variables(WorkOrder order) {
        List<EnvironmentVariable> variables = new ArrayList<>();
        variables.add(plain(RUN, order.attempt().run().value()));
        variables.add(plain(STAGE, order.attempt().stage()));
        variables.add(plain(ATTEMPT, Integer.toString(order.attempt().number())));
        variables.add(plain(LAUNCHER, launcher.apply(order)));
        order.secrets().forEach((variable, reference) -> variables.add(secret(variable, reference)));
        return variables;
    }

    /** CodeBuild reads the value with the build's role when the build begins. */
    private EnvironmentVariable secret(String variable, String reference) {
        return EnvironmentVariable.builder()
                .name(variable)
                .value(SecretsManagerSecrets.name(settings.names().names().namespace(), reference))
                .type(
                        SecretsManagerSecrets.isParameter(reference)
                                ? EnvironmentVariableType.PARAMETER_STORE
                                : EnvironmentVariableType.SECRETS_MANAGER)
                .build();
    }

    private static EnvironmentVariable plain(String name, String value) {
        return EnvironmentVariable.builder()
                .name(name)
                .value(value)
                .type(EnvironmentVariableType.PLAINTEXT)
                .build();
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        try {
            if (build(serviceId).filter(build -> isOf(build, attempt)).isPresent()) {
                client.get().stopBuild(request -> request.id(serviceId));
            }
        } catch (ResourceNotFoundException e) {
            // Over for so long that CodeBuild has forgotten it.
        } catch (SdkException e) {
            throw new AwsService(SERVICE, serviceId).failure("stop " + attempt, e);
        }
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        try {
            return build(serviceId)
                    .map(build -> build.buildComplete() ? Phase.OVER : Phase.LIVING)
                    .orElse(Phase.UNKNOWN);
        } catch (SdkException e) {
            throw new AwsService(SERVICE, serviceId).failure("look at " + attempt, e);
        }
    }

    private Optional<Build> build(String serviceId) {
        return client.get().batchGetBuilds(request -> request.ids(serviceId)).builds().stream()
                .findFirst();
    }

    /** Looks through the latest builds of each trust level; of several builds of the attempt a living one is found first. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        Optional<Build> best = Optional.empty();
        try {
            for (TrustLevel trust : TrustLevel.values()) {
                for (Build build : latest(settings.names().project(WorkNames.pipeline(attempt), trust))) {
                    if (isOf(build, attempt) && (best.isEmpty() || best.get().buildComplete())) {
                        best = Optional.of(build);
                    }
                }
            }
        } catch (SdkException e) {
            throw new AwsService(SERVICE, "its builds").failure("find " + attempt, e);
        }
        return best.map(Build::id);
    }

    private List<Build> latest(String project) {
        List<Build> builds = new ArrayList<>();
        Optional<String> next = Optional.empty();
        for (int page = 0; page < MOST_PAGES && (page == 0 || next.isPresent()); page++) {
            String token = next.orElse(null);
            ListBuildsForProjectResponse listed;
            try {
                listed = client.get()
                        .listBuildsForProject(request -> request.projectName(project)
                                .sortOrder(SortOrderType.DESCENDING)
                                .nextToken(token));
            } catch (ResourceNotFoundException e) {
                return builds;
            }
            if (!listed.ids().isEmpty()) {
                builds.addAll(client.get()
                        .batchGetBuilds(request -> request.ids(listed.ids()))
                        .builds());
            }
            next = Optional.ofNullable(listed.nextToken());
        }
        return builds;
    }

    private static boolean isOf(Build build, AttemptId attempt) {
        Map<String, String> variables = new TreeMap<>();
        build.environment()
                .environmentVariables()
                .forEach(variable -> variables.put(variable.name(), variable.value()));
        return BuildEvents.attempt(variables).equals(Optional.of(attempt));
    }
}

// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.cloud.deploy.v1.AbandonReleaseRequest;
import com.google.cloud.deploy.v1.AbandonReleaseResponse;
import com.google.cloud.deploy.v1.AdvanceRolloutRequest;
import com.google.cloud.deploy.v1.AdvanceRolloutResponse;
import com.google.cloud.deploy.v1.ApproveRolloutRequest;
import com.google.cloud.deploy.v1.ApproveRolloutResponse;
import com.google.cloud.deploy.v1.CancelRolloutRequest;
import com.google.cloud.deploy.v1.CancelRolloutResponse;
import com.google.cloud.deploy.v1.CloudDeployGrpc.CloudDeployImplBase;
import com.google.cloud.deploy.v1.CloudDeployProto;
import com.google.cloud.deploy.v1.CreateReleaseRequest;
import com.google.cloud.deploy.v1.CreateRolloutRequest;
import com.google.cloud.deploy.v1.GetReleaseRequest;
import com.google.cloud.deploy.v1.GetRolloutRequest;
import com.google.cloud.deploy.v1.ListRolloutsRequest;
import com.google.cloud.deploy.v1.ListRolloutsResponse;
import com.google.cloud.deploy.v1.Phase;
import com.google.cloud.deploy.v1.Release;
import com.google.cloud.deploy.v1.Rollout;
import com.google.longrunning.Operation;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One delivery pipeline of Cloud Deploy with one target. A release is rendered at once and a rollout deploys at once, unless they are held; a rollout may ask for an approval and may have a
 * phase {@code canary-50} before {@code stable}. Messages are published as the service's documentation has them.
 */
public final class FakeCloudDeploy extends FakeGrpc {
    /** The pipeline's name. */
    public static final String PIPELINE = "shop-release";

    /** Its target's name. */
    public static final String TARGET = "production";

    private static final String ID = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";

    private final String name;
    private final Function<String, Optional<String>> deploys;
    private final Consumer<SortedMap<String, String>> messages;
    private final Map<String, Release> releases = new LinkedHashMap<>();
    private final Map<String, Rollout> rollouts = new LinkedHashMap<>();
    private boolean waits;
    private boolean fails;
    private boolean held;
    private boolean asks;
    private boolean phased;

    /**
     * Starts the service.
     *
     * @param location {@code projects/P/locations/L}
     * @param deploys deploys the archive at an address, and says why it cannot
     * @param messages is given the attributes of each message
     */
    public FakeCloudDeploy(
            String location, Function<String, Optional<String>> deploys, Consumer<SortedMap<String, String>> messages) {
        super(CloudDeployProto.getDescriptor());
        this.name = location + "/deliveryPipelines/" + PIPELINE;
        this.deploys = deploys;
        this.messages = messages;
    }

    @Override
    protected List<BindableService> services() {
        return List.of(new Deploy());
    }

    /**
     * Lets releases be rendered, or holds them before.
     *
     * @param yes whether they are held
     */
    public synchronized void holdRendering(boolean yes) {
        waits = yes;
        List.copyOf(releases.keySet()).forEach(this::render);
    }

    /** Lets no release be rendered. */
    public synchronized void breakRendering() {
        fails = true;
    }

    /**
     * Lets rollouts go on, or holds them before they deploy.
     *
     * @param yes whether they are held
     */
    public synchronized void hold(boolean yes) {
        held = yes;
        List.copyOf(rollouts.keySet()).forEach(this::advance);
    }

    /** Makes the target ask for an approval of each rollout. */
    public synchronized void ask() {
        asks = true;
    }

    /** Makes rollouts have two phases. */
    public synchronized void phase() {
        phased = true;
    }

    /**
     * How the rollouts are, in the order of their starts.
     *
     * @return their states
     */
    public synchronized List<Rollout.State> states() {
        return rollouts.values().stream().map(Rollout::getState).toList();
    }

    /**
     * The releases, in the order in which they were made.
     *
     * @return the releases
     */
    public synchronized List<Release> releases() {
        return List.copyOf(releases.values());
    }

    private synchronized void create(CreateReleaseRequest request) {
        if (!request.getParent().equals(name)) {
            throw refusal(Code.NOT_FOUND, "Resource '" + request.getParent() + "' was not found");
        }
        check("release_id", request.getReleaseId(), ID);
        check("skaffold_config_uri", request.getRelease().getSkaffoldConfigUri(), "gs://[a-z0-9._-]{3,222}/.+");
        checkAnnotations(request.getRelease().getAnnotationsMap());
        if (!request.getRequestId().isEmpty()) {
            check("request_id", request.getRequestId(), "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        }
        String id = name + "/releases/" + request.getReleaseId();
        if (releases.containsKey(id)) {
            throw refusal(Code.ALREADY_EXISTS, "Resource '" + id + "' already exists");
        }
        releases.put(
                id,
                request.getRelease().toBuilder()
                        .setName(id)
                        .setRenderState(Release.RenderState.IN_PROGRESS)
                        .build());
        render(id);
    }

    private void render(String id) {
        Release release = release(id);
        if (waits || release.getRenderState() != Release.RenderState.IN_PROGRESS) {
            return;
        }
        Release.Builder rendered =
                release.toBuilder().setRenderState(fails ? Release.RenderState.FAILED : Release.RenderState.SUCCEEDED);
        if (fails) {
            rendered.putTargetRenders(
                    TARGET,
                    Release.TargetRender.newBuilder()
                            .setFailureMessage("skaffold.yaml is missing")
                            .build());
        }
        releases.put(id, rendered.build());
        tell("Release", release.getName(), fails ? "Failure" : "Succeed");
    }

    private synchronized void create(CreateRolloutRequest request) {
        Release release = release(request.getParent());
        check("rollout_id", request.getRolloutId(), ID);
        checkAnnotations(request.getRollout().getAnnotationsMap());
        if (!request.getRollout().getTargetId().equals(TARGET)) {
            throw wrong("CreateRollout: no target " + request.getRollout().getTargetId());
        }
        String id = release.getName() + "/rollouts/" + request.getRolloutId();
        if (rollouts.containsKey(id)) {
            throw refusal(Code.ALREADY_EXISTS, "Resource '" + id + "' already exists");
        }
        if (release.getAbandoned() || release.getRenderState() == Release.RenderState.FAILED) {
            throw refusal(Code.FAILED_PRECONDITION, "release " + release.getName() + " cannot be rolled out");
        }
        Rollout.Builder made = request.getRollout().toBuilder().setName(id).setState(Rollout.State.PENDING);
        if (asks) {
            made.setState(Rollout.State.PENDING_APPROVAL).setApprovalState(Rollout.ApprovalState.NEEDS_APPROVAL);
        }
        for (String phase : phased ? List.of("canary-50", "stable") : List.of("stable")) {
            made.addPhases(Phase.newBuilder().setId(phase).setState(Phase.State.PENDING));
        }
        rollouts.put(id, made.build());
        tell("Rollout", id, asks ? "Required" : "Start");
        advance(id);
    }

    private void checkAnnotations(Map<String, String> annotations) {
        annotations.keySet().forEach(key -> check("annotations", key, "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"));
    }

    private void check(String field, String value, String form) {
        if (!value.matches(form)) {
            throw wrong(field + " is '" + value + "', and not like " + form);
        }
    }

    /** Does what can be done without anybody: deploys the phase that it is in. */
    private void advance(String id) {
        Rollout rollout = rollout(id);
        boolean can = rollout.getState() == Rollout.State.PENDING
                || (rollout.getState() == Rollout.State.IN_PROGRESS
                        && rollout.getPhasesList().stream()
                                .anyMatch(phase -> phase.getState() == Phase.State.IN_PROGRESS));
        if (held || !can) {
            return;
        }
        int at = (int) rollout.getPhasesList().stream()
                .filter(phase -> phase.getState() == Phase.State.SUCCEEDED)
                .count();
        Rollout.Builder next = rollout.toBuilder().setState(Rollout.State.IN_PROGRESS);
        boolean last = at == rollout.getPhasesCount() - 1;
        Optional<String> wrong = last
                ? deploys.apply(release(id.replaceFirst("/rollouts/.*", "")).getSkaffoldConfigUri())
                : Optional.empty();
        next.getPhasesBuilder(at).setState(wrong.isPresent() ? Phase.State.FAILED : Phase.State.SUCCEEDED);
        if (wrong.isPresent()) {
            next.setState(Rollout.State.FAILED).setFailureReason(wrong.get());
        } else if (last) {
            next.setState(Rollout.State.SUCCEEDED);
        }
        rollouts.put(id, next.build());
        tell("Rollout", id, wrong.isPresent() ? "Failure" : last ? "Succeed" : "AdvanceRequired");
    }

    private synchronized void approve(ApproveRolloutRequest request) {
        Rollout rollout = rollout(request.getName());
        if (rollout.getState() != Rollout.State.PENDING_APPROVAL) {
            throw refusal(Code.FAILED_PRECONDITION, "the rollout does not wait for an approval");
        }
        rollouts.put(
                rollout.getName(),
                rollout.toBuilder()
                        .setState(request.getApproved() ? Rollout.State.PENDING : Rollout.State.APPROVAL_REJECTED)
                        .setApprovalState(Rollout.ApprovalState.APPROVED)
                        .build());
        advance(rollout.getName());
    }

    private synchronized void advance(AdvanceRolloutRequest request) {
        Rollout.Builder rollout = rollout(request.getName()).toBuilder();
        for (int i = 1; i < rollout.getPhasesCount(); i++) {
            boolean waits = rollout.getPhases(i).getState() == Phase.State.PENDING
                    && rollout.getPhases(i - 1).getState() == Phase.State.SUCCEEDED;
            if (waits && rollout.getPhases(i).getId().equals(request.getPhaseId())) {
                rollout.getPhasesBuilder(i).setState(Phase.State.IN_PROGRESS);
                rollouts.put(rollout.getName(), rollout.build());
                advance(rollout.getName());
                return;
            }
        }
        throw refusal(Code.FAILED_PRECONDITION, "no phase " + request.getPhaseId() + " waits");
    }

    private synchronized void cancel(CancelRolloutRequest request) {
        Rollout rollout = rollout(request.getName());
        boolean goesOn = switch (rollout.getState()) {
            case IN_PROGRESS, PENDING, PENDING_APPROVAL, PENDING_RELEASE -> true;
            default -> false;
        };
        if (!goesOn) {
            throw refusal(Code.FAILED_PRECONDITION, "the rollout is over");
        }
        rollouts.put(
                rollout.getName(),
                rollout.toBuilder().setState(Rollout.State.CANCELLED).build());
        tell("Rollout", rollout.getName(), "Cancelled");
    }

    private synchronized void abandon(AbandonReleaseRequest request) {
        Release release = release(request.getName());
        releases.put(release.getName(), release.toBuilder().setAbandoned(true).build());
    }

    private synchronized Release release(String id) {
        return Optional.ofNullable(releases.get(id))
                .orElseThrow(() -> refusal(Code.NOT_FOUND, "Resource '" + id + "' was not found"));
    }

    private synchronized Rollout rollout(String id) {
        return Optional.ofNullable(rollouts.get(id))
                .orElseThrow(() -> refusal(Code.NOT_FOUND, "Resource '" + id + "' was not found"));
    }

    /** One to a page. */
    private synchronized ListRolloutsResponse list(ListRolloutsRequest request) {
        release(request.getParent());
        List<Rollout> found = new ArrayList<>(rollouts.values());
        found.removeIf(rollout -> !rollout.getName().startsWith(request.getParent() + "/"));
        int at = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        return ListRolloutsResponse.newBuilder()
                .addAllRollouts(found.subList(Math.min(at, found.size()), Math.min(at + 1, found.size())))
                .setNextPageToken(at + 1 < found.size() ? Integer.toString(at + 1) : "")
                .build();
    }

    private void tell(String type, String resource, String action) {
        SortedMap<String, String> attributes = new TreeMap<>();
        String[] parts = resource.split("/");
        attributes.put("Action", action);
        attributes.put("ResourceType", type);
        attributes.put("Resource", resource);
        attributes.put("ProjectNumber", "123456789012");
        attributes.put("Location", parts[3]);
        attributes.put("DeliveryPipelineId", parts[5]);
        attributes.put("ReleaseId", parts[7]);
        if (parts.length > 9) {
            attributes.put("RolloutId", parts[9]);
            attributes.put("TargetId", TARGET);
        }
        messages.accept(attributes);
    }

    private static Operation operation() {
        return Operation.newBuilder().setName("operations/deploy").build();
    }

    private final class Deploy extends CloudDeployImplBase {
        @Override
        public void createRelease(CreateReleaseRequest request, StreamObserver<Operation> answer) {
            create(request);
            answer(answer, operation());
        }

        @Override
        public void getRelease(GetReleaseRequest request, StreamObserver<Release> answer) {
            answer(answer, release(request.getName()));
        }

        @Override
        public void abandonRelease(AbandonReleaseRequest request, StreamObserver<AbandonReleaseResponse> answer) {
            abandon(request);
            answer(answer, AbandonReleaseResponse.getDefaultInstance());
        }

        @Override
        public void createRollout(CreateRolloutRequest request, StreamObserver<Operation> answer) {
            create(request);
            answer(answer, operation());
        }

        @Override
        public void getRollout(GetRolloutRequest request, StreamObserver<Rollout> answer) {
            answer(answer, rollout(request.getName()));
        }

        @Override
        public void listRollouts(ListRolloutsRequest request, StreamObserver<ListRolloutsResponse> answer) {
            answer(answer, list(request));
        }

        @Override
        public void approveRollout(ApproveRolloutRequest request, StreamObserver<ApproveRolloutResponse> answer) {
            approve(request);
            answer(answer, ApproveRolloutResponse.getDefaultInstance());
        }

        @Override
        public void advanceRollout(AdvanceRolloutRequest request, StreamObserver<AdvanceRolloutResponse> answer) {
            advance(request);
            answer(answer, AdvanceRolloutResponse.getDefaultInstance());
        }

        @Override
        public void cancelRollout(CancelRolloutRequest request, StreamObserver<CancelRolloutResponse> answer) {
            cancel(request);
            answer(answer, CancelRolloutResponse.getDefaultInstance());
        }
    }
}
